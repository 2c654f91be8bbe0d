"""Writes Valhalla's configuration: the defaults of its own release, with a folder of tiles and an address of ours.

    valhalla.py MODULE TILES LISTEN SOCKETS OUT [PAIRS]

MODULE is the file with the defaults in the wheel, which is read by itself, since the package around it needs a newer
Python; names of sockets begin with SOCKETS; PAIRS are the most cells of a table.
"""
import json
import runpy
import sys

module, tiles, listen, sockets, out, *pairs = sys.argv[1:]
names = runpy.run_path(module)


def known(values):
    given = {key: value for key, value in values.items() if not isinstance(value, names["Optional"])}
    return {key: known(value) if isinstance(value, dict) else value for key, value in given.items()}


config = known(names["config"])
config["mjolnir"]["tile_dir"] = tiles
config["mjolnir"].pop("tile_extract", None)
config["httpd"]["service"]["listen"] = listen
for most in pairs:
    config["service_limits"]["auto"]["max_matrix_location_pairs"] = int(most)
text = json.dumps(config).replace("ipc:///tmp/", "ipc://" + sockets)
with open(out, "w") as file:
    file.write(text)
