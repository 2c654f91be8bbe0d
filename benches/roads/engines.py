#!/usr/bin/env python3
"""OSRM and Valhalla on the maps of roads-bench: they are prepared, started on this machine and asked over HTTP.

    cargo xtask roads      # fetches them, measures all, prints tables

Of each map with points in the folder of the work, it adds to `figures.tsv` what preparing takes, and what answers take
over one connection: until the last byte has come, unparsed. On Monaco, it holds distances against those of milkrun:
`distances.md`.
"""
import argparse
import http.client
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import distances
import maps

ROUTES = 2000
# Longest time of a request, of preparing, or until a server answers, seconds.
LONGEST = 60
# Longest time for all routes, seconds.
PATIENCE = 15


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="the folder of roads-bench")
    parser.add_argument("--wheels", type=Path, required=True, help="the unpacked wheels of OSRM and Valhalla")
    parser.add_argument("--configure", type=Path, required=True, help="the script that configures Valhalla")
    parser.add_argument("--own", type=Path, required=True, help="the program roads-bench")
    options = parser.parse_args()
    for name in maps.NAMES:
        if not (options.work / f"{name}.points.csv").exists():
            continue
        for engine in (Osrm("ch"), Osrm("mld"), Valhalla()):
            print(f"{name}: {engine.name} …", flush=True)
            try:
                measure(engine, name, options)
            except (Unable, OSError, subprocess.SubprocessError) as fault:
                note(options.work, name, engine.name, [("note", str(fault).splitlines()[0])])


class Unable(Exception):
    """What an engine does not take."""


def measure(engine, name, options):
    data = options.work / f"{name}-{engine.name.replace(' ', '-')}"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    try:
        map_file = maps.file_for(name, options.work)
        if map_file.suffix != ".pbf" and not engine.takes_xml:
            raise Unable("reads PBF only")
        found = engine.prepare(map_file, data, options)
        note(options.work, name, engine.name, found)
        with Server(engine.server(data, options), data) as server:
            note(options.work, name, engine.name, ask(engine, server, maps.points(options.work, name)))
            if name == "monaco" and engine.name == "OSRM CH":
                distances.compare(server, options)
    finally:
        shutil.rmtree(data, ignore_errors=True)


def note(work, map_name, program, found):
    with open(work / "figures.tsv", "a") as file:
        for measure_name, value in found:
            file.write(f"{map_name}\t{program}\t{measure_name}\t{value}\n")


def ask(engine, server, points):
    """Routes and tables, timed."""
    times, failed = [], 0
    start = time.monotonic()
    for a, b in maps.pairs(len(points), ROUTES):
        seconds, status, _ = server.ask(*engine.route(points[a], points[b]))
        times.append(seconds * 1e6)
        failed += status != 200
        if time.monotonic() - start > PATIENCE:
            break
    times.sort()
    found = [("p50", times[len(times) // 2]), ("p99", times[round((len(times) - 1) * 0.99)])]
    if failed:
        found.append(("failed", failed))
    for rows, measure_name, rounds in (100, "table_100", 5), (engine.rows, "table_1000", 1):
        columns = 100 if measure_name == "table_100" else len(points)
        spent = []
        for _ in range(rounds):
            seconds, status, body = server.ask(*engine.table(points[:rows], points[:columns]))
            if status != 200:
                raise Unable(f"the table of {rows} × {columns} points: {status} {body[:200].decode(errors='replace')}")
            spent.append(seconds * 1e3)
        # Of some rows only, it is estimated.
        name = measure_name if rows == columns else f"{measure_name}_estimate"
        found.append((name, statistics.median(spent) * columns / rows))
    return [*found, ("memory_ask", server.memory())]


def run_all(commands, data):
    """Runs programs one after the other, within the time for preparing: seconds and peak memory of each."""
    found, left = [], LONGEST
    for command in commands:
        found.append(run(command, data, left))
        left -= found[-1][0]
    return found


def run(command, data, left):
    """Runs a program to its end: seconds, and its peak memory in megabytes."""
    with open(data / "log", "ab") as log:
        start = time.perf_counter()
        child = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        late = threading.Timer(max(left, 0), child.kill)
        late.start()
        _, status, used = os.wait4(child.pid, 0)
        late.cancel()
        seconds = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode < 0 and seconds >= left:
        raise Unable(f"not prepared within {LONGEST} s ({Path(command[0]).name})")
    if child.returncode != 0:
        told = (data / "log").read_text(errors="replace").strip().splitlines()
        raise Unable(f"{Path(command[0]).name} ended with {child.returncode}: {told[-1] if told else ''}")
    return seconds, used.ru_maxrss / 1024


def size_of(folder, *left_out):
    """Megabytes of the files that a server needs."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in left_out)
    return sum(path.stat().st_size for path in files) / 1e6


class Osrm:
    """OSRM with its car profile, and one of its two methods."""

    takes_xml = True
    rows = 1000

    def __init__(self, method):
        self.method = method
        self.name = f"OSRM {method.upper()}"

    def prepare(self, map_file, data, options):
        # It writes its files beside the map.
        own = data / map_file.name
        shutil.copy(map_file, own)
        programs, network = options.wheels / "osrm/bin", data / "map.osrm"
        profile = options.wheels / "osrm/share/profiles/car.lua"
        steps = [["osrm-extract", "--threads", "1", "--profile", profile, "--output", network, own]]
        if self.method == "ch":
            steps.append(["osrm-contract", "--threads", "1", network])
        else:
            steps.append(["osrm-partition", "--threads", "1", network])
            steps.append(["osrm-customize", "--threads", "1", network])
        spent = run_all([[programs / step[0], *step[1:]] for step in steps], data)
        found = [("prepare", sum(seconds for seconds, _ in spent)), ("memory_prepare", max(peak for _, peak in spent))]
        if self.method == "mld":
            found.append(("customise", spent[-1][0] * 1e3))
        return [*found, ("file", size_of(data, own.name, "log"))]

    def server(self, data, options):
        port = free_port()
        limits = ["--max-table-size", "1000000", "--max-matching-size", "-1", "--threads", "1"]
        command = [options.wheels / "osrm/bin/osrm-routed", "--algorithm", self.method, "--ip", "127.0.0.1"]
        return [*command, "--port", port, *limits, data / "map.osrm"], port, "/nearest/v1/driving/0,0"

    def route(self, a, b):
        return "GET", f"/route/v1/driving/{joined([a, b])}?overview=full&geometries=polyline", None

    def table(self, origins, destinations):
        if len(origins) != len(destinations):
            raise Unable("asks for square tables only")
        return "GET", f"/table/v1/driving/{joined(origins)}?annotations=duration,distance", None


class Valhalla:
    """Valhalla with its costing of cars."""

    name = "Valhalla"
    takes_xml = False
    # More at once take gigabytes.
    rows = 50

    def prepare(self, map_file, data, options):
        config, self.port = data / "valhalla.json", free_port()
        # Names of sockets must be short.
        self.sockets = str(Path(tempfile.gettempdir()) / f"milkrun-{os.getpid()}-")
        module, address = options.wheels / "valhalla/valhalla_build_config.py", f"tcp://127.0.0.1:{self.port}"
        tiles = data / "tiles"
        tiles.mkdir()
        subprocess.run([sys.executable, options.configure, module, tiles, address, self.sockets, config, "1000000"],
                       check=True)
        build = [options.wheels / "valhalla/bin/valhalla_build_tiles", "-j", "1", "-c", config, map_file]
        [(seconds, peak)] = run_all([build], data)
        return [("prepare", seconds), ("memory_prepare", peak), ("file", size_of(tiles))]

    def server(self, data, options):
        command = [options.wheels / "valhalla/bin/valhalla_service", data / "valhalla.json", "1"]
        return command, self.port, "/status"

    def route(self, a, b):
        asked = {"locations": places([a, b]), "costing": "auto", "directions_type": "none"}
        return "POST", "/route", json.dumps(asked)

    def table(self, origins, destinations):
        asked = {"sources": places(origins), "targets": places(destinations), "costing": "auto", "verbose": False}
        return "POST", "/sources_to_targets", json.dumps(asked)


def joined(points):
    return ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in points)


def places(points):
    return [{"lon": lon, "lat": lat} for lon, lat in points]


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Server:
    """An engine that runs, and a connection to it; it ends with the block."""

    def __init__(self, started, data):
        (command, self.port, self.path), self.data = started, data
        self.command = [str(word) for word in command]

    def __enter__(self):
        self.log = open(self.data / "server-log", "wb")
        self.child = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONGEST)
        start = time.monotonic()
        while True:
            try:
                self.ask("GET", self.path, None)
                return self
            except (OSError, http.client.HTTPException):
                self.connection.close()
                if self.child.poll() is not None or time.monotonic() - start > LONGEST:
                    self.__exit__()
                    raise Unable(f"{Path(self.command[0]).name} does not start") from None
                time.sleep(0.05)

    def __exit__(self, *_):
        self.connection.close()
        self.child.kill()
        self.child.wait()
        self.log.close()

    def ask(self, method, path, body):
        """Seconds, status and body of an answer."""
        start = time.perf_counter()
        try:
            self.connection.request(method, path, body)
            answer = self.connection.getresponse()
        except http.client.RemoteDisconnected:
            # A server may end a connection after some hundred requests.
            self.connection.close()
            self.connection.request(method, path, body)
            answer = self.connection.getresponse()
        text = answer.read()
        return time.perf_counter() - start, answer.status, text

    def memory(self):
        """Its peak memory in megabytes, where the system says it."""
        try:
            lines = Path(f"/proc/{self.child.pid}/status").read_text().splitlines()
        except OSError:
            return ""
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    main()
