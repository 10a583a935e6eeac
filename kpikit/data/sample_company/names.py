"""Names of customers, invented from the words of both countries."""

from __future__ import annotations

import numpy as np

from kpikit.data.sample_company.draws import shuffled
from kpikit.data.sample_company.market import REGIONS, SEGMENTS

PLACES = {
    "Alaska": "Anchorage Fairbanks Juneau Sitka Homer Kodiak Seward Kenai Talkeetna Nome",
    "Bali": "Ubud Sanur Canggu Seminyak Jimbaran Uluwatu Amed Lovina Denpasar Kuta",
    "California": "Oakland Pasadena Fresno Sacramento Berkeley Monterey Ventura Sonoma",
    "Jakarta": "Kemang Menteng Senopati Kuningan Tebet Cikini Sudirman Pluit Kelapa_Gading Bintaro",
    "Medan": "Polonia Sunggal Binjai Petisah Berastagi Maimun",
    "New York": "Brooklyn Astoria Harlem Tribeca Albany Buffalo Yonkers",
    "Surabaya": "Gubeng Darmo Wonokromo Rungkut Malang Sidoarjo Ketintang",
    "Texas": "Austin Dallas Houston Waco Lubbock El_Paso",
}
WORDS = {
    "ID": "Senja Melati Cahaya Pelangi Tirta Bumi Surya Rindu Kencana Teduh Lentera Samudra Sekar Mutiara",
    "US": "Harbor Copper Juniper Granite Lantern Maple Bluebird Cedar Northside Anchor Willow Summit Foundry",
}
PATTERNS = {
    "ID": {
        "cafe": ("Kopi {w} {p}", "Kedai {w} {p}", "Kafe {w} {p}"),
        "hotel": ("Hotel {w} {p}", "{w} Resort {p}", "Puri {w} {p}"),
        "office": ("PT {w} Mandiri {p}", "PT Graha {w} {p}", "PT {w} Digital {p}"),
        "reseller": ("CV {w} Jaya {p}", "Toko {w} {p}", "UD {w} Makmur {p}"),
        "restaurant": ("Rumah Makan {w} {p}", "{w} Kitchen {p}", "Warung {w} {p}"),
    },
    "US": {
        "cafe": ("{w} Coffee, {p}", "Café {w} {p}", "{w} & Oak Espresso {p}"),
        "hotel": ("{w} Inn {p}", "{w} Lodge {p}", "The {w} Hotel {p}"),
        "office": ("{w} Partners {p}", "{w} Labs {p}", "{w} Legal Group {p}"),
        "reseller": ("{w} Supply Co. {p}", "{w} Wholesale {p}", "{p} {w} Trading"),
        "restaurant": ("{w} Grill {p}", "{w} Table {p}", "{p} {w} Diner"),
    },
}
# Names that software stumbles over: commas, quotes, accents, markup, a leading equals sign, another script.
AWKWARD = {
    ("California", "cafe"): ("=mc² Coffee", "Café Señorita"),
    ("New York", "restaurant"): ("O'Malley's Diner",),
    ("Texas", "office"): ("Müller & Sons, Inc.",),
    ("Bali", "restaurant"): ('Warung "Naga Merah"',),
    ("Bali", "cafe"): ("Kopi </br> Kode",),
    ("Jakarta", "restaurant"): ("Kedai 茶 & Kopi",),
    ("Alaska", "hotel"): ("Utqiaġvik Lodge",),
}


def name_pools(rng: np.random.Generator) -> dict[tuple[int, int], list[str]]:
    """Return all names of each region and segment, in random order, awkward ones first."""
    pools = {}
    for r, region in enumerate(REGIONS):
        places = [place.replace("_", " ") for place in PLACES[region.name].split()]
        for s, segment in enumerate(SEGMENTS):
            patterns = PATTERNS[region.country][segment]
            words = WORDS[region.country].split()
            names = [
                pattern.format(w=word, p=place) for pattern in patterns for word in words for place in places
            ]
            mixed = [names[i] for i in shuffled(rng, len(names))]
            pools[r, s] = [*AWKWARD.get((region.name, segment), ()), *mixed]
    return pools


def customer_names(rng: np.random.Generator, region: np.ndarray, segment: np.ndarray) -> np.ndarray:
    """Name customers; a number follows when a large company has used up the names."""
    pools, used, names = name_pools(rng), {}, []
    for key in zip(region.tolist(), segment.tolist(), strict=True):
        round_, place = divmod(used.get(key, 0), len(pools[key]))
        names.append(pools[key][place] + (f" {round_ + 1}" if round_ else ""))
        used[key] = used.get(key, 0) + 1
    return np.array(names, dtype=object)
