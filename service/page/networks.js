// The organisation's street networks: which is usual, how each is, and uploads.
import { attempt, card, empty, field, form, h, head, input, say, select, table } from "./dom.js";
import { sure } from "./dialog.js";
import { ask, may } from "./session.js";
import { number } from "./words.js";

export async function show(place, _, { signal }) {
  const lists = h("div", {});
  place.append(head("Streets"), h("p", { class: "hint" }, "Vehicles drive on the network of their depot, else on the usual one, else along straight lines."));
  const draw = async () => {
    if (signal.aborted) return;
    const [networks, usual] = await Promise.all([ask("GET", "/v1/networks"), ask("GET", "/v1/default-network")]);
    const manages = may("networks:manage");
    const codes = [["", "none: straight lines"], ...[...new Set(networks.map((network) => network.code))].map((code) => [code, code])];
    const choice = select("usual", codes, { id: "network-usual", value: usual.network || "", disabled: !manages });
    choice.addEventListener("change", () => attempt(lists, async () => {
      await ask("PUT", "/v1/default-network", { network: choice.value }).finally(draw);
      say("The usual network is changed.");
    }));
    const remove = (network) => h("button", { type: "button", class: "quiet", "aria-label": `Delete ${network.code}`, click: () => attempt(lists, async () => {
      if (!await sure(`Delete ${network.code}?`, "All its versions are deleted. Plans that were made keep what they say.", "Delete")) return;
      await ask("DELETE", `/v1/networks/${encodeURIComponent(network.code)}`);
      await draw();
    }) }, "Delete");
    const state = ({ state: word, progress, error }) => word + (progress?.share ? ` ${Math.round(progress.share * 100)} %` : "") + (error ? `: ${error}` : "");
    const rows = networks.map((network) => [network.code, network.version, state(network), network.profile,
      network.data_date ? new Date(network.data_date * 1000).toISOString().slice(0, 10) : "", `${number(network.upload_bytes / 1e6, 1)} MB`, manages ? remove(network) : ""]);
    lists.replaceChildren(field("Usual network", choice),
      networks.length ? table("Networks", ["Code", { label: "Version", number: true }, "State", "Who drives", "Data of", { label: "Upload", number: true }, ""], rows, { id: "networks" })
        : empty("There is no street network. Without one, plans are made along straight lines."));
    if (networks.some((network) => ["queued", "preparing"].includes(network.state))) setTimeout(() => attempt(lists, draw), 2000);
  };
  await draw();
  place.append(lists);
  if (may("networks:manage")) place.append(card("Upload a network", upload(draw)));
}

const upload = (draw) => form({ id: "network" }, [h("div", { class: "row" },
  field("Code", input("code", { required: true, maxlength: 64, pattern: "[A-Za-z0-9_\\-][A-Za-z0-9_.\\-]*" })),
  field("Map", input("map", { type: "file" }), "OSM PBF, OSM XML, GeoJSON, or a prepared network"),
  field("Or table of nodes (CSV)", input("nodes", { type: "file" })),
  field("and table of links (CSV)", input("links", { type: "file" })),
  field("Who drives", select("profile", [["", "car, or as it was prepared"], ["truck", "truck"], ["waste-truck", "waste truck"], ["foot", "on foot"]])))],
"Upload", async (given, made) => {
  const body = new FormData();
  for (const part of ["map", "nodes", "links"]) if (given[part].size) body.append(part, given[part]);
  if (given.profile) body.append("profile", given.profile);
  await ask("POST", `/v1/networks/${encodeURIComponent(given.code)}/import`, body);
  made.reset();
  say("Uploaded. It is being prepared.");
  await draw();
});
