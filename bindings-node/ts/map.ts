/** Maps of plans. */

/** A feature of a map (RFC 7946). */
export interface PlanFeature {
  /** Says that it is a feature. */
  readonly type: "Feature";
  /** A line for a trip, a point for whatever else; null where there are no coordinates. */
  readonly geometry:
    | { readonly type: "LineString"; readonly coordinates: [number, number][] }
    | { readonly type: "Point"; readonly coordinates: [number, number] }
    | null;
  /** `kind` is `trip`, `depot`, `disposal_site`, or that of a visit; the others depend on it. */
  readonly properties: { readonly kind: string; readonly [name: string]: unknown };
}

/** A map (RFC 7946). */
export interface PlanFeatureCollection {
  /** Says that it is a collection of features. */
  readonly type: "FeatureCollection";
  /** Lines and points. */
  readonly features: PlanFeature[];
}
