"""The made-up customers of the practice shop, and what they write."""

import random
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """`weight`: how often this person writes, against others. `loyal` ones fetch what they order.
    `free` ones mostly write as they speak."""

    name: str
    phone: str
    address: str = ""
    weight: int = 1
    loyal: bool = True
    free: bool = False


PEOPLE = (
    Person("Budi Santoso", "+6281373100101", "Jl Demang Lebar Daun 12", 9),
    Person("Siti Aminah", "+6281373100102", "Jl Merdeka 5 Plaju", 6, free=True),
    Person("Bengkel Maju Jaya", "+6281278804411", "Jl Veteran 88", 14),
    Person("Rina Wulandari", "+6285268871920", "Perumnas Talang Kelapa C3", 4),
    Person("Joko Prasetyo", "+6282177650043", "Jl Kolonel Atmo 7", 5, loyal=False),
    Person("Bengkel Sinar Motor", "+6281367220915", "Jl KH Azhari 21", 11, free=True),
    Person("Hendra Gunawan", "+6281532990184", "Kenten Laut", 3),
    Person("Dewi Kartika", "+6287797410036", "Jl Sudirman KM 4", 2),
    Person("Agus Setiawan", "+6281271935520", "Kertapati", 5, free=True),
    Person("CV Musi Trans", "+6281177003388", "Jl Soekarno Hatta", 8),
    Person("Yanto", "+6283178002941", "", 2, loyal=False),
    Person("Lukman Hakim", "+6281958217740", "Sako Baru", 3),
    Person("Ratna Sari", "+6281368904417", "Jl Basuki Rahmat", 2),
    Person("Rudi Hartono", "+6282280516639", "Jakabaring", 4, free=True),
    Person("Ferry Irawan", "+6285381270095", "Jl R Sukamto", 2, loyal=False),
    Person("", "+6281995307714", "", 1, loyal=False),
    Person("", "+6282375018846", "", 1, loyal=False),
)

ON_THE_TELEPHONE = PEOPLE[:4]
"""Those whose telephones are in the trainee's hand."""

DEBTOR = Person("Bengkel Cahaya", "+6282178894100", "Jl Mayor Ruslan 30")
"""Comes to the counter and pays later."""

STRANGER = Person("", "+6281200000042")
"""A number that the shop does not know yet."""

_FREE = (
    "bos kampas rem vario ada ga, brp",
    "Pak, kampas rem vario masih ada? mau ambil sore ini",
    "aki mobil avanza yang bagus apa ya, brp harganya",
    "Barang saya kemarin sudah siap belum?",
    "bisa diantar ke plaju gak bu",
    "Oli matic yang paling murah brp",
    "tolong simpankan busi 4 biji ya yang biasa",
    "yg kemarin bunyi pak, bisa tukar?",
    "buka sampai jam berapa hari minggu",
)
_SPOKEN = (
    "bos {code} ada ga, brp hrgnya",
    "ado dak {code}, berapo cek?",
    "tlg siapin {code} {count}, sore saya ambil",
    "pak mau {code} {count} ya",
    "{code} brp sekarang gan",
    "sy ambil {code} {count} biji y",
)
"""What the `free` ones write instead of the forms."""
_THANKS = ("ok makasih", "siap, terima kasih", "Baik pak")


def message(chance: random.Random, person: Person, codes: Sequence[str]) -> str:
    """What this person might write now; `codes` are what they mostly buy."""
    code = chance.choice(codes)
    if person.free and chance.random() < 0.6:
        spoken = chance.choice(_SPOKEN)
        return spoken.format(code=code.lower(), count=chance.choice((1, 1, 2, 2, 4)))
    roll = chance.random()
    if roll < 0.30:
        asked = [code, *([chance.choice(codes)] if chance.random() < 0.3 else [])]
        return f"{chance.choice(('HARGA', 'harga', 'hrg'))} {', '.join(dict.fromkeys(asked))}"
    if roll < 0.40:
        return f"{chance.choice(('STOK', 'stok'))} {code}"
    if roll < 0.80:
        wanted = {code: chance.choice((1, 1, 1, 2, 2, 3, 4))}
        while chance.random() < 0.35 and len(wanted) < 4:
            wanted[chance.choice(codes)] = chance.choice((1, 1, 2))
        lines = ", ".join(f"{each} {count}" for each, count in wanted.items())
        return f"{chance.choice(('PESAN', 'pesan', 'psn'))} {lines}"
    if roll < 0.86:
        return "STATUS"
    if roll < 0.88 and person.name:
        return f"DAFTAR {person.name}, {person.address or 'Palembang'}"
    if roll < 0.93:
        return chance.choice(_THANKS)
    return chance.choice(_FREE)
