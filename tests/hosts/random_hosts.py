"""Hosts put together at random, of the parts the scenarios prove one by one."""

import random

from devices import Containers, Nic, Pods
from packets import Talk
from scenarios import HOST, INNER, NEIGHBOR, PODS, ROUTABLE, everywhere
from truth import ON_HOSTS, UNFLAGGED, Capture, Scenario


def build(seed):
    choose = random.Random(seed)
    capture = Capture()
    nic = Nic(capture, pads=choose.random() < 0.3)
    if choose.random() < 0.5:
        nic.add_vf()
    part = choose.choice((None, _containers_nat, _containers_routable, _pods))
    sections, own = part(capture, nic) if part else ([], [])
    sections.append((nic.run, HOST))
    talk = Talk(seed)
    for run, addresses in choose.sample(sections * 3, 3 * len(sections)):
        if choose.random() < 0.1:
            nic.remove_vf()
        for family in (4, 6):
            # A public and a private remote for each, so that an inner device is seen for one.
            run(_conversation(choose, talk, addresses[family], _public(choose, family)))
            run(_conversation(choose, talk, addresses[family], NEIGHBOR[family]))
    local = {HOST[4], HOST[6], *own}
    # Where NAT is between, or nothing but packet counts speak, directions are needed.
    formats = ON_HOSTS if part else ON_HOSTS + (UNFLAGGED,)
    return Scenario(f"random_{seed}", [capture], formats, local=everywhere(local, formats))


def _containers_nat(capture, nic):
    network = Containers(capture, nic, HOST)
    return _attached(network, INNER), []


def _containers_routable(capture, nic):
    network = Containers(capture, nic)
    return _attached(network, ROUTABLE), ROUTABLE[4] + ROUTABLE[6]


def _pods(capture, nic):
    return _attached(Pods(capture, nic), PODS), PODS[4] + PODS[6]


def _attached(network, addresses):
    sections = []
    for four, six in zip(addresses[4], addresses[6]):
        network.add(four, six)
        sections.append((network.run, {4: four, 6: six}))
    return sections


def _public(choose, family):
    if family == 4:
        return f"20.{choose.randrange(33, 64)}.{choose.randrange(256)}.{choose.randrange(1, 255)}"
    return f"2603:1030:{choose.randrange(0x1000):x}::{choose.randrange(1, 0x10000):x}"


def _conversation(choose, talk, own, remote):
    def sizes(largest):
        return [choose.randrange(largest) for _ in range(choose.randrange(1, 5))]

    if choose.random() < 0.3:
        connected = choose.random() < 0.5
        return talk.udp(own, remote, choose.choice((53, 123, 514)), [8 + size for size in
                        sizes(1200)], [8 + size for size in sizes(1200)], connected=connected)
    return talk.tcp(own, remote, 443, sizes(20000), sizes(1448),
                    opened_by_remote=choose.random() < 0.3)
