"""The words that customers use, in capitals. No word of a catalogue stands here: those are data."""

PRICE = {"HARGA", "HRG", "PRICE"}
STOCK = {"STOK", "CEK", "STOCK"}
NOTIFY = {"KABARI", "KABARIN", "KABARKAN"}
ORDER = {"PESAN", "PSN", "ORDER", "BELI"}
SWAP = {"GANTI"}
"""Change a line; before another thing than what is ordered they may want that instead of it."""
SET = {"UBAH"} | SWAP
ADD = {"TAMBAH"}
STATUS = {"STATUS"}
CANCEL = {"BATAL"}
YES = {"YA"}
HELP = {"BANTUAN", "INFO", "HELP", "?"}
REGISTER = {"DAFTAR", "REG"}
STOP = {"STOP", "UNREG", "BERHENTI"}
START = {"START", "MULAI"}
PROMO = {"PROMO", "SMS"}
POINTS = {"POIN", "POINT", "POINTS"}
OFFERS = {"PROMO", "DISKON"}

AND = {"DAN", "&", "+", "SAMA"}
"""Between two items."""

PIECE = "PCS"
UNITS = {
    **dict.fromkeys(("PCS", "PC", "BUAH", "BH", "BIJI", "BJ", "UNIT"), PIECE),
    **dict.fromkeys(("BOTOL", "BTL"), "BOTOL"),
    **dict.fromkeys(("GALON", "GLN"), "GALON"),
    **dict.fromkeys(("PASANG", "PSG"), "PASANG"),
    **dict.fromkeys(("LEMBAR", "LBR"), "LEMBAR"),
    **dict.fromkeys(("METER", "MTR"), "METER"),
    **dict.fromkeys(("KALENG", "KLG"), "KALENG"),
    **dict.fromkeys(("LITER", "LTR"), "LITER"),
    **dict.fromkeys(("DUS", "DOS", "BOX", "KOTAK"), "DUS"),
    **dict.fromkeys(("PACK", "PAKET"), "PACK"),
    "SET": "SET",
    "ROLL": "ROLL",
}
"""Behind a number, with their usual spelling; the units of the shop's own items join them. A piece
may be said of anything; any other unit must be the item's own, or the number is not certain."""

COURTESY = {
    "YA", "PAK", "BU", "BOS", "BOSS", "GAN", "MIN", "MAS", "MBAK", "KAK", "BANG", "PLEASE", "TOLONG",
    "TLG", "MAKASIH", "TRIMS", "TKS", "THANKS", "DONG", "DEH",
}  # fmt: skip
"""Says nothing about what is wanted."""

ABOUT_ORDERS = {"PESANAN", "ORDER", "NO", "NOMOR", "SAYA", "NOMER"}
"""Beside STATUS, BATAL and YA."""

LISTS = {"BARANG", "MENU", "KATALOG", "PROMO", "ISI", "SEMUA"}
"""Behind DAFTAR ("list", too) they ask for one; nobody is called so."""

NUMBERS = {
    "SATU": 1, "DUA": 2, "TIGA": 3, "EMPAT": 4, "LIMA": 5, "ENAM": 6, "TUJUH": 7, "DELAPAN": 8,
    "SEMBILAN": 9, "SEPULUH": 10, "SEBELAS": 11, "SELUSIN": 12,
}  # fmt: skip
DOZEN = "LUSIN"
HALF = "SETENGAH"
