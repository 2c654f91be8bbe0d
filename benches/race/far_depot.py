"""Writes a CVRP in VRPLIB's format whose depot is far from all clients, so that routes are long and a further one costs much.

python3 far_depot.py CLIENTS CAPACITY SEED > far.vrp
"""

import random
import sys

WIDTH, HEIGHT = 12_000, 9_000
DEPOT = (-3_000, -2_000)
TOWNS = 60
SPREADS = (150, 300, 600, 1_200)
DEMANDS = (1, 1, 1, 1, 1, 2, 2, 3)
# How many clients live in no town.
SCATTERED = 0.25


def places(count, draw):
    """Coordinates, most of them in towns."""
    towns = [(draw.uniform(0, WIDTH), draw.uniform(0, HEIGHT), draw.choice(SPREADS)) for _ in range(TOWNS)]
    found = []
    while len(found) < count:
        if draw.random() < SCATTERED:
            x, y = draw.uniform(0, WIDTH), draw.uniform(0, HEIGHT)
        else:
            east, north, spread = draw.choice(towns)
            x, y = draw.gauss(east, spread), draw.gauss(north, spread)
        if 0 <= x <= WIDTH and 0 <= y <= HEIGHT:
            found.append((int(x), int(y)))
    return found


def main():
    """Prints the problem."""
    count, capacity, seed = (int(argument) for argument in sys.argv[1:4])
    draw = random.Random(seed)
    points = [DEPOT, *places(count, draw)]
    print(f"NAME : far-{count}\nTYPE : CVRP\nDIMENSION : {count + 1}\nEDGE_WEIGHT_TYPE : EUC_2D\nCAPACITY : {capacity}")
    print("NODE_COORD_SECTION")
    for number, (x, y) in enumerate(points, 1):
        print(number, x, y)
    print("DEMAND_SECTION\n1 0")
    for number in range(2, count + 2):
        print(number, draw.choice(DEMANDS))
    print("DEPOT_SECTION\n1\n-1\nEOF")


if __name__ == "__main__":
    main()
