"""What customers are told: templates that the shop can edit, and the words that fill them.

Customers are answered in Indonesian whatever language the staff's screens have.
"""

from crm_tui.errors import N_
from crm_tui.shop.messages.filling import Template

PRICE_LINE = Template(
    "price_line",
    "{code} {name} {price}{offer}, {stock}",
    "code name price offer stock unit",
    N_("One item in an answer about prices or stock"),
)
PRICE = Template(
    "price", "{lines}\nPesan: PESAN KODE JUMLAH", "lines", N_("The answer about prices or stock")
)
PROMO_OFFER = Template(
    "promo_offer",
    " (promo s/d {until}, biasa {regular})",
    "until regular",
    N_("Behind a price that a promo lowers"),
)
TIER_OFFER = Template(
    "tier_offer",
    " (harga {tier}, biasa {regular})",
    "tier regular",
    N_("Behind a price that the customer's tier lowers"),
)
NOT_FOUND = Template(
    "not_found",
    "Maaf, kode {codes} tidak ada di toko kami. {ordered}",
    "codes ordered",
    N_("A code that no item has"),
)
RECEIVED = Template(
    "received",
    "Pesanan {number} kami terima:\n{lines}\nTotal {total}. Mohon tunggu konfirmasi.",
    "number lines total",
    N_("An order has come"),
)
ORDER_LINE = Template(
    "order_line",
    "{quantity} {code} {amount}{difference}",
    "quantity code name amount difference unit",
    N_("One item of an order"),
)
DIFFERENCE = Template(
    "difference",
    " (harga kini {price}, tadi {before})",
    "price before",
    N_("The price differs from the one last told"),
)
SHORT = Template(
    "short",
    "Maaf, stok kurang: {lines}. Belum ada yang dipesan.{offer}",
    "lines offer",
    N_("There is not enough of what was ordered"),
)
TOO_MANY = Template(
    "too_many",
    "Pesanan {numbers} masih menunggu konfirmasi. Pesanan baru belum kami catat: tunggu dulu, atau"
    " tambah dengan TAMBAH KODE JUMLAH.",
    "numbers",
    N_("A number has ordered more while enough of its orders wait"),
)
SHORT_CHANGE = Template(
    "short_change",
    "Maaf, stok kurang: {lines}. Pesanan {number} tetap: {order}.",
    "lines number order",
    N_("There is not enough for a change; the order stays as it is"),
)
OFFER = Template("offer", " Balas YA untuk pesan {lines}.", "lines", N_("What a YA would order"))
INSTEAD = Template(
    "instead",
    "\nYang ada:\n{lines}",
    "lines",
    N_("Behind an answer that something is out: what is there instead"),
)
WAIT = Template(
    "wait",
    "\nKetik KABARI {codes} bila ingin dikabari saat ada.",
    "codes",
    N_("Behind an answer that something is out: how to be told when it comes in"),
)
PROMISED = Template(
    "promised",
    "Baik, kami kabari lewat SMS begitu {codes} ada lagi.",
    "codes",
    N_("A customer wants to be told when something comes in"),
)
ARRIVED = Template(
    "arrived",
    "{code} {name} sudah ada lagi, {price}. Pesan: PESAN {code} JUMLAH",
    "code name price",
    N_("Something that a customer waits for has come in"),
)
CHOICES = Template(
    "choices",
    "Maksudnya {lines}? Balas YA, atau tulis: PESAN KODE JUMLAH, KODE JUMLAH",
    "lines",
    N_("An order that can be meant in two ways"),
)
CHOOSE = Template(
    "choose",
    "Yang mana? Balas nomornya:\n{lines}{more}",
    "lines more",
    N_("Several items could be meant: a numbered list"),
)
CHOOSE_MORE = Template(
    "choose_more",
    "\nMasih ada lainnya: sebutkan lebih lengkap.",
    "",
    N_("Behind a numbered list that is not all"),
)
HELD = Template(
    "held",
    "\nIkut dipesan: {lines}.",
    "lines",
    N_("Behind a numbered list: what is ordered with what is chosen"),
)
PROPOSED = Template(
    "proposed",
    "Maksudnya {lines}? Total {total}. Balas YA untuk pesan.",
    "lines total",
    N_("What was understood fits well, but is not certain: YA orders it"),
)
CONFIRMED = Template(
    "confirmed",
    "Pesanan {number} siap: {lines}. Total {total}. Ambil sebelum {until}. {shop}",
    "number lines total until shop",
    N_("An order is confirmed"),
)
REJECTED = Template(
    "rejected",
    "Maaf, pesanan {number} tidak dapat kami penuhi: {reason}.",
    "number reason",
    N_("An order is rejected"),
)
CHANGED = Template(
    "changed",
    "Pesanan {number} diubah: {changes}. Sekarang:\n{lines}\nTotal {total}.",
    "number changes lines total",
    N_("An order was changed"),
)
ASKED = Template(
    "asked",
    "Pesanan {number}: boleh kami ubah jadi {lines}, total {total}? Balas YA bila setuju.",
    "number lines total",
    N_("The staff propose more than was ordered"),
)
SURE = Template(
    "sure",
    "Pesanan {number} dibatalkan? Balas YA {number} bila benar.",
    "number",
    N_("Asked before an older order, or one of another number, is cancelled"),
)
SURE_CHANGE = Template(
    "sure_change",
    "Pesanan {number} diubah jadi {lines}? Balas YA {number} bila benar.",
    "number lines",
    N_("Asked before an order is changed, if it is older, of another number, or not certain"),
)
CANCELLED = Template(
    "cancelled", "Pesanan {number} dibatalkan.", "number", N_("An order is cancelled")
)
CANCEL_LATE = Template(
    "cancel_late",
    "Pesanan {number} sudah dikonfirmasi. Permintaan batal kami teruskan ke petugas.",
    "number",
    N_("A confirmed order cannot be cancelled by SMS"),
)
CHANGE_LATE = Template(
    "change_late",
    "Pesanan {number} sudah dikonfirmasi. Permintaan ubah kami teruskan ke petugas.",
    "number",
    N_("A confirmed order cannot be changed by SMS"),
)
WHICH = Template(
    "which",
    "Pesanan mana? {numbers}. Contoh: {example}",
    "numbers example",
    N_("More than one order could be meant"),
)
WHICH_YES = Template(
    "which_yes",
    "YA untuk yang mana? Balas YA {number} untuk pesanan {number}, atau PESAN {lines} untuk pesanan"
    " baru.",
    "number lines",
    N_("A YA could answer two questions"),
)
NO_ORDER = Template(
    "no_order", "Tidak ada pesanan Anda yang terbuka.", "", N_("There is no open order")
)
STATUS_LINE = Template(
    "status_line",
    "Pesanan {number}: {status}, {total}",
    "number status total lines",
    N_("One order in an answer to STATUS"),
)
EXPIRED = Template(
    "expired",
    "Pesanan {number} berakhir karena belum diambil. Silakan pesan lagi.",
    "number",
    N_("An order was not collected in time"),
)
UNCONFIRMED = Template(
    "unconfirmed",
    "Maaf, pesanan {number} belum sempat kami konfirmasi dan berakhir. Silakan pesan lagi.",
    "number",
    N_("An order was not confirmed in time"),
)
HELP = Template(
    "help",
    "Ketik HARGA KODE, STOK KODE, PESAN KODE JUMLAH, STATUS, BATAL, POIN, PROMO, DAFTAR NAMA, ALAMAT,"
    " STOP. {shop}",
    "shop",
    N_("How to write to the shop"),
)
OPENING = Template(
    "opening", "Jam buka {shop}: {hours}.", "hours shop", N_("The answer about opening hours")
)
ADDRESS = Template(
    "address", "Alamat {shop}: {address}.", "address shop", N_("The answer about the address")
)
REGISTERED = Template(
    "registered",
    "Terima kasih {name}, Anda terdaftar di {shop}.",
    "name shop",
    N_("A customer gave a name"),
)
REGISTER_LATER = Template(
    "register_later",
    "Terima kasih. Nama dan alamat Anda kami teruskan ke petugas {shop}.",
    "shop",
    N_("A name or address that a person has to look at"),
)
STOPPED = Template(
    "stopped",
    "Anda tidak akan menerima promo lagi. Ketik START bila berubah pikiran.",
    "",
    N_("Promos are stopped"),
)
STARTED = Template(
    "started",
    "Anda akan menerima promo dari {shop}. Ketik STOP untuk berhenti.",
    "shop",
    N_("Promos are wanted"),
)

POINTS = Template(
    "points",
    "Poin Anda {points}, senilai {value}.{soon}{tier} {shop}",
    "points value soon tier shop",
    N_("The answer about points and tier"),
)
POINTS_SOON = Template(
    "points_soon",
    " {points} poin hangus {until}.",
    "points until",
    N_("Behind the points: some are forfeited soon"),
)
POINTS_TIER = Template(
    "points_tier", " Tingkat Anda {tier}.", "tier", N_("Behind the points: the customer's tier")
)
OFFERS = Template(
    "offers",
    "Promo kami:\n{lines}\nPesan: PESAN KODE JUMLAH",
    "lines",
    N_("The answer about promos"),
)
NO_OFFERS = Template(
    "no_offers",
    "Saat ini belum ada promo.{start} {shop}",
    "start shop",
    N_("The answer about promos when there are none"),
)
OFFERS_START = Template(
    "offers_start",
    " Ketik START untuk dikabari.",
    "",
    N_("To customers who get no promos: how to get them"),
)

NOTICE_POINTS = Template(
    "notice_points",
    "{shop}: {points} poin Anda baru dipakai, sisa {left}. Kalau bukan Anda, balas SMS ini.",
    "shop points left",
    N_("The staff have spent a customer's points"),
)
NOTICE_POINTS_GONE = Template(
    "notice_points_gone",
    "{shop}: {points} poin Anda dipindahkan ke cabang {branch}, sisa di sini {left}. Kalau bukan Anda,"
    " balas SMS ini.",
    "shop points branch left",
    N_("Another branch has asked for a customer's points, and they went there"),
)
NOTICE_POINTS_COME = Template(
    "notice_points_come",
    "{shop}: {points} poin Anda dari cabang {branch} sudah bisa dipakai di sini, jumlahnya {balance}.",
    "shop points branch balance",
    N_("A customer's points have come from another branch"),
)
NOTICE_NUMBER = Template(
    "notice_number",
    "{shop}: nomor berakhiran {ending} ditambahkan pada data Anda. Kalau bukan nomor Anda, balas SMS"
    " ini.",
    "shop ending",
    N_("The staff have added a number to a customer"),
)
NOTICE_NUMBER_GONE = Template(
    "notice_number_gone",
    "{shop}: nomor berakhiran {ending} dihapus dari data Anda. Kalau itu bukan kemauan Anda, balas SMS"
    " ini.",
    "shop ending",
    N_("The staff have taken a number of a customer away"),
)
NOTICE_MERGED = Template(
    "notice_merged",
    "{shop}: data Anda digabung dengan pelanggan bernomor akhir {ending}. Kalau itu bukan Anda, balas"
    " SMS ini.",
    "shop ending",
    N_("The staff have merged a customer with another one"),
)
NOTICE_MERGED_INTO = Template(
    "notice_merged_into",
    "{shop}: data Anda digabung ke data pelanggan lain yang belum bernomor. Kalau itu bukan Anda, balas"
    " SMS ini.",
    "shop",
    N_("The staff have merged a customer into one without a number"),
)
NOTICE_YES = Template(
    "notice_yes",
    "{shop}: kami catat Anda mau menerima promo lewat SMS. Tidak mau? Balas STOP.",
    "shop",
    N_("The staff have written down that a customer wants promos"),
)
NOTICE_STOPPED = Template(
    "notice_stopped",
    "{shop}: kami catat Anda tidak mau menerima promo. Berubah pikiran? Balas START.",
    "shop",
    N_("The staff have written down that a customer wants no promos"),
)

STATUS_WORDS = {
    "waiting": "menunggu konfirmasi", "confirmed": "siap diambil", "rejected": "ditolak",
    "collected": "sudah diambil", "cancelled": "dibatalkan", "expired": "berakhir",
}  # fmt: skip
