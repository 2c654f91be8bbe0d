"""milkrun's distances on Monaco beside those of OSRM's car profile, and where larger differences come from."""
import json
import math
import subprocess
from collections import Counter

# Two distances are as good as equal within this share, or so many metres, which is how far both round.
SHARE, METRES = 0.01, 2
# Points are taken to different places if those are farther apart than this, in metres.
APART = 3.0
LISTED = 12


def compare(server, options):
    """Writes `distances.md`."""
    pairs = [line.rstrip("\n").split("\t") for line in open(options.work / "monaco.pairs.tsv")]
    found, differing, unanswered = 0, [], 0
    for pair in pairs:
        theirs = route(server, [endpoint(line) for line in pair_points(options, pair)])
        if theirs is None:
            unanswered += 1
            continue
        found += 1
        if not is_equal(int(pair[5]), theirs["distance"]):
            differing.append((pair, theirs))
    traced = trace(options, [along(path["geometry"], *ends(pair)) for pair, path in differing])
    causes = []
    for (pair, theirs), (seconds, metres) in zip(differing, traced):
        causes.append(cause(server, pair, theirs, seconds, metres))
    write(options.work / "distances.md", found, unanswered, differing, causes)


def is_equal(a, b):
    return abs(a - b) <= max(SHARE * max(a, b), METRES)


def pair_points(options, pair):
    lines = (options.work / "monaco.points.csv").read_text().splitlines()[1:]
    return lines[int(pair[0])], lines[int(pair[1])]


def endpoint(text):
    lon, lat = text.split(",")
    return float(lon), float(lat)


def ends(pair):
    """Where milkrun has the two points on streets."""
    return endpoint(pair[2]), endpoint(pair[3])


def route(server, points):
    """OSRM's route: metres, seconds, line, and its places on streets; nothing where it has none."""
    joined = ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in points)
    asked = f"/route/v1/driving/{joined}?overview=full&geometries=geojson&continue_straight=false"
    _, status, body = server.ask("GET", asked, None)
    if status != 200:
        return None
    answer = json.loads(body)
    first = answer["routes"][0]
    places = [tuple(place["location"]) for place in answer["waypoints"]]
    line = [tuple(point) for point in first["geometry"]["coordinates"]]
    return {"distance": first["distance"], "duration": first["duration"], "geometry": line, "places": places}


def away(a, b):
    """Metres between two points that are near to each other."""
    return math.hypot((b[0] - a[0]) * math.cos(math.radians(a[1])), b[1] - a[1]) * 111_195


def along(line, start, end):
    """Points on the middles of a line's longer pieces, between two ends: another program's path through them follows
    it."""
    pieces = [(a, b) for a, b in zip(line, line[1:]) if away(a, b) > 12]
    step = max(1, math.ceil(len(pieces) / 90))
    return [start, *(((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in pieces[::step]), end]


def trace(options, lines):
    """Seconds and metres of milkrun through the points of each line; nothing where it cannot drive through them."""
    file = options.work / "lines.txt"
    file.write_text("".join(" ".join(f"{lon:.6f},{lat:.6f}" for lon, lat in line) + "\n" for line in lines))
    told = subprocess.run([options.own, "trace", options.work / "monaco.network", file], check=True,
                          capture_output=True, text=True).stdout.splitlines()
    return [(None, None) if line == "-" else tuple(map(int, line.split())) for line in told]


def cause(server, pair, theirs, seconds, metres):
    """Why two distances differ: a kind, and what was seen."""
    start, end = ends(pair)
    moved = max(away(start, theirs["places"][0]), away(end, theirs["places"][-1]))
    if moved > APART:
        return "snapping", f"the points are taken to places {moved:.0f} m apart"
    if metres is None or not is_equal(metres, theirs["distance"]):
        longer = "cannot be driven" if metres is None else f"is {metres} m long"
        return "closed to milkrun", f"along OSRM's path, milkrun's {longer}: access, a barrier or a restriction"
    line = [endpoint(point) for point in pair[6].split(" ")]
    back = route(server, along(line, start, end))
    if back is None or not is_equal(back["distance"], int(pair[5])):
        longer = "cannot be driven" if back is None else f"is {back['distance']:.0f} m long"
        return "closed to OSRM", f"along milkrun's path, OSRM's {longer}: access, a barrier or a restriction"
    return "speeds", (f"milkrun takes {pair[4]} s for its own path and {seconds} s for OSRM's; "
                      f"OSRM {back['duration']:.0f} s and {theirs['duration']:.0f} s")


def write(path, found, unanswered, differing, causes):
    kinds = Counter(kind for kind, _ in causes)
    share = 100 * (found - len(differing)) / max(found, 1)
    lines = [f"Distances beside OSRM's car profile: of {found} random pairs in Monaco, {share:.1f} % are "
             f"within 1 % or {METRES} m."]
    if unanswered:
        lines.append(f"OSRM finds no path for {unanswered} more.")
    if kinds:
        lines.append("The others: " + ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()) + ".")
    lines += ["", "| from | to | milkrun, m | OSRM, m | cause | seen |", "| --- | --- | ---: | ---: | --- | --- |"]

    def difference(entry):
        (pair, theirs), _ = entry
        return abs(int(pair[5]) - theirs["distance"]) / max(theirs["distance"], 1)

    largest = sorted(zip(differing, causes), key=difference, reverse=True)
    for (pair, theirs), (kind, seen) in largest[:LISTED]:
        lines.append(f"| {pair[2]} | {pair[3]} | {pair[5]} | {theirs['distance']:.0f} | {kind} | {seen} |")
    path.write_text("\n".join(lines) + "\n")
