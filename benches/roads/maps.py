"""The maps of roads-bench, their points and pairs, and Coquimbo as OpenStreetMap would have it."""
import csv
import gzip
import os
from pathlib import Path
from xml.sax.saxutils import quoteattr

NAMES = ("coquimbo", "helsinki", "monaco", "city")
FILES = {"helsinki": "Helsinki.osm.pbf", "monaco": "monaco.osm.pbf"}


def folder():
    """The shared data."""
    beside = Path(__file__).resolve().parents[2] / "../shared"
    return Path(os.environ.get("MILKRUN_SHARED", beside)) / "data/osm"


def file_for(name, work):
    """The file that an engine reads. Coquimbo's edge list becomes an extract in XML."""
    if name in FILES:
        return folder() / FILES[name]
    if name == "city":
        return work / "city.osm.pbf"
    path = work / "coquimbo.osm"
    if not path.exists():
        write_xml(path)
    return path


def write_xml(path):
    """Writes Coquimbo's streets as OpenStreetMap's XML: the same classes, directions and lines."""
    def rows(name):
        with gzip.open(folder() / name, "rt", newline="") as file:
            yield from csv.DictReader(file)

    nodes, ways = {}, []
    for row in rows("coquimbo_nodes.csv.gz"):
        nodes[int(row["node"])] = (row["lon"], row["lat"])
    following = max(nodes) + 1
    for row in rows("coquimbo_links.csv.gz"):
        inner = row["geometry"].removeprefix("LINESTRING(").removesuffix(")").split(", ")[1:-1]
        refs = [int(row["from"])]
        for pair in inner:
            nodes[following] = tuple(pair.split(" "))
            refs.append(following)
            following += 1
        refs.append(int(row["to"]))
        oneway = {"1": "yes", "-1": "-1"}.get(row["direction"], "no")
        ways.append((int(row["link"]), refs, {"highway": row["highway"], "name": row["name"], "oneway": oneway}))
    with open(path, "w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6" generator="milkrun">\n')
        for number, (lon, lat) in sorted(nodes.items()):
            file.write(f'<node id="{number}" version="1" lat="{lat}" lon="{lon}"/>\n')
        for number, refs, tags in ways:
            parts = [f'<nd ref="{ref}"/>' for ref in refs]
            parts += [f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items() if value]
            file.write(f'<way id="{number}" version="1">{"".join(parts)}</way>\n')
        file.write("</osm>\n")


def points(work, name):
    """Longitudes and latitudes."""
    with open(work / f"{name}.points.csv", newline="") as file:
        return [(float(row["lon"]), float(row["lat"])) for row in csv.DictReader(file)]


def pairs(size, number):
    """The pairs of points that roads-bench asks for, too."""
    found = ((i % size, (i * 37 + 11 + i // size) % size) for i in range(2 * number))
    return [(a, b) for a, b in found if a != b][:number]
