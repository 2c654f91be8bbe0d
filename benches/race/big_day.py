#!/usr/bin/env python3
"""A big day of waste collection in a synthetic city, with some of every rule, as milkrun's JSON on standard output.

    big_day.py 1 2000 30 > day-2000.json
    big_day.py 2 300 6 > day-300.json; big_day.py 3 500 9 > day-500.json; big_day.py 4 800 14 > day-800.json

SEED decides all that is left to chance: streets, bins, wishes, where the sites lie. The same three numbers make the same
day on every machine. There is some slack: not all trucks are needed. Nothing in it is taken from a real city.

Lengths are metres, times seconds after midnight, loads kilograms and litres, money thousandths.
"""

import json
import math
import random
import sys

HOUR = 3600
SYLLABLES = ["al", "bren", "cor", "dun", "el", "fen", "gar", "hol", "is", "jar", "kel", "lund", "mar", "nor", "os", "pel"]
ENDINGS = ["lane", "quay", "row", "street", "way", "yard"]
# Kilograms of a hundred litres.
DENSITY = {"general": 12, "recycling": 6, "organic": 30}


class City:
    """Where things are. North and east are metres from the market place."""

    def __init__(self, chance, bins):
        self.chance = chance
        # Eighty bins a square kilometre, in districts of some 120.
        self.radius = 1000 * math.sqrt(bins / 250)
        self.center = chance.uniform(-40, 40), chance.uniform(-30, 30)
        self.districts = [self.point(self.radius) for _ in range(max(3, bins // 120))]

    def point(self, radius):
        """Anywhere in a circle around the market place."""
        angle, far = self.chance.uniform(0, 2 * math.pi), radius * math.sqrt(self.chance.random())
        return far * math.cos(angle), far * math.sin(angle)

    def outside(self, times):
        """A place so many radii away."""
        angle = self.chance.uniform(0, 2 * math.pi)
        return times * self.radius * math.cos(angle), times * self.radius * math.sin(angle)

    def location(self, point):
        lon, lat = self.center
        degree = 111_195
        return {"lon": round(lon + point[0] / degree / math.cos(math.radians(lat)), 6),
                "lat": round(lat + point[1] / degree, 6)}

    def streets(self):
        """Endlessly: a name, and places along it."""
        names = set()
        while True:
            name = "".join(self.chance.sample(SYLLABLES, 2)).capitalize() + " " + self.chance.choice(ENDINGS)
            while name in names:
                name = "Upper " + name
            names.add(name)
            x, y = self.chance.choice(self.districts)
            x, y = x + self.chance.gauss(0, 350), y + self.chance.gauss(0, 350)
            angle = self.chance.choice([0, math.pi / 2]) + self.chance.gauss(0, 0.2)
            steps = range(self.chance.randint(8, 22))
            yield name, [(x + 45 * i * math.cos(angle) + self.chance.uniform(-8, 8),
                          y + 45 * i * math.sin(angle) + self.chance.uniform(-8, 8)) for i in steps]


def clients(city, bins, materials):
    """The bins, street by street. All of a bin's wishes leave it possible to serve on an ordinary day."""
    chance, made = city.chance, []
    for name, points in city.streets():
        for house, point in enumerate(points):
            if len(made) == bins:
                return made
            material = chance.choices(materials, [7, 2, 1][: len(materials)])[0]
            litres = 60 * chance.randint(4, 18)
            kilograms = litres * DENSITY[material] // 100
            client = {"name": f"{name} {2 * house + 1}", "location": city.location(point), "pickup": [kilograms, litres],
                      "material": material, "service": 45 + kilograms // 2 + chance.randint(0, 30)}
            client.update(wish(chance))
            client.update(demand(chance, litres))
            if material == "general":
                client.update(chance.choices([{}, {"skills": ["narrow"]}, {"skills": ["key"]}], [27, 2, 1])[0])
            made.append(client)


def wish(chance):
    """When a bin may or should be emptied."""
    day, morning, later = [6 * HOUR, 18 * HOUR], [6 * HOUR, 12 * HOUR], [10 * HOUR, 17 * HOUR]
    two = [[6 * HOUR, 9 * HOUR], [13 * HOUR, 17 * HOUR]]
    early = {"late": 9 * HOUR, "cost_per_late": 2}
    around_noon = {"early": 9 * HOUR, "late": 14 * HOUR, "cost_per_early": 1, "cost_per_late": 2}
    wishes = [{}, {"time_window": day}, {"time_window": morning}, {"time_window": later}, {"time_windows": two},
              {"soft_window": early}, {"soft_window": around_noon}]
    return chance.choices(wishes, [70, 8, 6, 5, 5, 3, 3])[0]


def demand(chance, litres):
    """Whether a bin must be emptied, and what it is worth otherwise."""
    optional = {"required": False, "prize": 50 * litres}
    return chance.choices([{}, optional, optional | {"priority": 1}, optional | {"priority": 2}], [72, 18, 6, 4])[0]


def relations(chance, made):
    """Ties between neighbours of the same material without wishes, and incompatible bins far apart; each bin once."""
    plain = [i for i, client in enumerate(made)
             if client.get("required", True) and not {"skills", "time_window", "time_windows"} & client.keys()]
    free, found = set(plain), []

    def neighbours(i, many):
        street = made[i]["name"].rpartition(" ")[0]
        group = [j for j in range(i, len(made)) if j in free and made[j]["material"] == made[i]["material"]
                 and made[j]["name"].rpartition(" ")[0] == street][:many]
        return group if len(group) == many else None

    def tie(kind, many, times):
        for _ in range(20 * times):
            if times and (group := neighbours(chance.choice(plain), many)) is not None:
                free.difference_update(group)
                found.append({kind: [made[j]["name"] for j in group]})
                times -= 1

    share = max(1, len(made) // 200)
    tie("same_vehicle", 3, share)
    tie("sequence", 2, share)
    for _ in range(share):
        left = sorted(free)
        if len(left) > 1:
            pair = chance.sample(left, 2)
            free.difference_update(pair)
            found.append({"incompatible": [made[j]["name"] for j in pair]})
    return found


def sites(city, made, materials):
    """A landfill far out, a transfer station at the edge, and a plant. Together they take twice what there is."""
    kilograms, litres = (sum(client["pickup"][d] for client in made) for d in (0, 1))
    chance = city.chance
    takes = lambda share: [math.ceil(share * kilograms), math.ceil(share * litres)]
    clean = [material for material in materials if material != "general"]
    landfill = {"name": "landfill", "location": city.location(city.outside(chance.uniform(1.6, 2.2))),
                "hours": [[6 * HOUR, 17 * HOUR]], "service": 420, "unloading": [{"amount": 50, "per": 1000}],
                "visit_cost": 2_000, "tipping_fee": [{"amount": 80, "per": 1}], "daily_capacity": takes(0.9)}
    transfer = {"name": "transfer station", "location": city.location(city.outside(chance.uniform(0.8, 1.1))),
                "hours": [[6 * HOUR, 12 * HOUR], [12 * HOUR + HOUR // 2, 18 * HOUR]], "service": 540,
                "unloading": [{"amount": 80, "per": 1000}], "visit_cost": 2_500, "tipping_fee": [{"amount": 110, "per": 1}],
                "daily_capacity": takes(0.7)}
    plant = {"name": "sorting plant", "location": city.location(city.outside(chance.uniform(0.6, 1.3))),
             "hours": [[7 * HOUR, 16 * HOUR]], "service": 300, "unloading": [{"amount": 60, "per": 1000}],
             "tipping_fee": [{"amount": 30, "per": 1}], "daily_capacity": takes(0.4), "materials": clean}
    return [landfill, transfer, plant]


def trucks(count, materials):
    """Three types: wide, narrow, and one with a compartment for each material that is not general waste."""
    lunch = {"name": "lunch", "start": [11 * HOUR, 13 * HOUR], "duration": 1800, "paid": False}
    rule = {"effort": "driving", "max": 16_200, "rest": 2_700, "split": [900, 1_800]}
    narrow, parted = max(1, count // 5), max(1, count // 4)
    clean = [material for material in materials if material != "general"]
    parts = {"recycling": [3_000, 9_000], "organic": [5_000, 7_000]}
    chambers = [{"materials": [material], "capacity": parts[material]} for material in clean]
    if len(clean) == 1:
        chambers.append({"materials": ["general"], "capacity": [5_000, 9_000]})

    def truck(name, number, capacity, fixed, begins, **more):
        return {"name": name, "count": number, "capacity": capacity, "start": "yard", "end": "yard", "fixed_cost": fixed,
                "cost_per_distance": 1, "cost_per_duration": 8, "shift": [begins, begins + 11 * HOUR],
                "disposal_sites": ["landfill", "transfer station", "sorting plant"], "end_empty": True, "max_trips": 6,
                "max_stops": 180, "max_work": 10 * HOUR, "breaks": [lunch], "driver_rules": [rule],
                "overtime": [{"after": 8 * HOUR, "cost_per_duration": 4}, {"after": 9 * HOUR, "cost_per_duration": 4}], **more}

    return [truck("rear loader", count - narrow - parted, [9_000, 18_000], 90_000, 6 * HOUR, skills=["key"]),
            truck("narrow truck", narrow, [4_000, 9_000], 60_000, 6 * HOUR, skills=["narrow"]),
            truck("chamber truck", parted, [9_000, 18_000], 95_000, 7 * HOUR, compartments=chambers)]


def day(seed, bins, count):
    """The problem."""
    chance = random.Random(f"big day {seed} {bins} {count}")
    city = City(chance, bins)
    # Two of three cities sort out organic waste, too.
    materials = ["general", "recycling", "organic"][: 2 + (seed % 3 > 0)]
    made = clients(city, bins, materials)
    pairs = [[a, b] for i, a in enumerate(materials) for b in materials[i + 1 :]]
    speeds = [[7 * HOUR, 70], [9 * HOUR, 100], [16 * HOUR, 80], [18 * HOUR, 100]]
    return {"milkrun": "problem", "version": 1, "name": f"synthetic city {seed}: {bins} bins, {count} trucks",
            "travel": {"type": "haversine", "speed": 7.0, "detour": 1.3},
            "materials": [{"name": material} for material in materials], "separate_materials": pairs,
            "depots": [{"name": "yard", "location": city.location(city.outside(0.7)),
                        "time_window": [5 * HOUR, 20 * HOUR], "service": 300}],
            "disposal_sites": sites(city, made, materials), "clients": made, "vehicle_types": trucks(count, materials),
            "relations": relations(chance, made),
            "speeds": [[{"from": begins, "percent": percent} for begins, percent in speeds]]}


def main():
    if len(sys.argv) != 4 or not all(argument.isdigit() for argument in sys.argv[1:]):
        sys.exit("usage: big_day.py SEED BINS TRUCKS > day.json")
    seed, bins, count = map(int, sys.argv[1:])
    if bins < 10 or count < 3:
        sys.exit("a big day has at least 10 bins and 3 trucks")
    json.dump(day(seed, bins, count), sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
