"""The words that customers use, in capitals. No word of a catalogue stands here: those are data."""

PRICE = {"HARGA", "HRG", "PRICE"}
STOCK = {"STOK", "CEK", "STOCK"}
ORDER = {"PESAN", "PSN", "ORDER", "BELI"}
SET = {"UBAH", "GANTI"}
ADD = {"TAMBAH"}
STATUS = {"STATUS"}
CANCEL = {"BATAL"}
YES = {"YA"}
HELP = {"BANTUAN", "INFO", "HELP", "?"}
REGISTER = {"DAFTAR", "REG"}
STOP = {"STOP", "UNREG", "BERHENTI"}
START = {"START", "MULAI"}
PROMO = {"PROMO", "SMS"}

AND = {"DAN", "&", "+", "SAMA", "PLUS"}
"""Between two items."""

UNITS = {
    "PCS", "PC", "BUAH", "BH", "BIJI", "BJ", "UNIT", "SET", "BOTOL", "BTL", "GALON", "GLN", "DUS",
    "PAK", "PACK", "PASANG", "PSG", "LEMBAR", "LBR", "ROLL", "METER", "MTR", "KALENG", "KLG", "LITER",
}  # fmt: skip
"""Behind a number; the units of the shop's own items join them."""

COURTESY = {
    "YA", "PAK", "BU", "BOS", "BOSS", "GAN", "MIN", "MAS", "MBAK", "KAK", "BANG", "PLEASE", "TOLONG",
    "TLG", "MAKASIH", "TRIMS", "TKS", "THANKS", "DONG", "DEH",
}  # fmt: skip
"""Says nothing about what is wanted."""

ABOUT_ORDERS = {"PESANAN", "ORDER", "NO", "NOMOR", "SAYA", "NOMER"}
"""Beside STATUS, BATAL and YA."""

NUMBERS = {
    "SATU": 1, "DUA": 2, "TIGA": 3, "EMPAT": 4, "LIMA": 5, "ENAM": 6, "TUJUH": 7, "DELAPAN": 8,
    "SEMBILAN": 9, "SEPULUH": 10, "SEBELAS": 11, "SELUSIN": 12,
}  # fmt: skip
DOZEN = "LUSIN"
HALF = "SETENGAH"
