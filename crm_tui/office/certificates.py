"""The office's own authority: what shows a branch that this is the office, and the office which
branch it is.

    authority.key · authority.crt    signs the others; never leaves the office's folder
    server.key · server.crt          PostgreSQL's own, for the names by which branches reach it
    revoked.crl                      which certificates count no more

A branch's certificate names its role (CN), which is how PostgreSQL knows it. Keys are Ed25519. None
ever runs out: a branch whose clock is wrong, or that nobody looks after for years, must not fall
silent; what must not count any more is revoked, and its role may not sign in.
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from crm_tui import atomic_file

AUTHORITY, SERVER, REVOKED = "authority", "server", "revoked.crl"
_ALWAYS = (datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))


@dataclass(frozen=True)
class Pair:
    """A private key and its certificate, both as PEM."""

    key: str
    certificate: str


def begin(folder: Path, name: str, hosts: Iterable[str]) -> None:
    """Make what is missing: the authority, the server's pair, an empty list of what is revoked. A
    pair of the server for other hosts than before is made anew. Raises `OSError`."""
    if not (folder / f"{AUTHORITY}.crt").exists():
        key = Ed25519PrivateKey.generate()
        subject = _named(f"crm-tui {name}"[:64])
        made = _builder(subject, subject, key).add_extension(
            x509.BasicConstraints(ca=True, path_length=0), critical=True
        )
        made = made.add_extension(_usage(signs=True), critical=True)
        _keep(folder, AUTHORITY, _pair(key, made, key))
        revoke(folder, ())
    wanted = sorted(set(hosts))
    if _hosts(folder) != wanted:
        _keep(folder, SERVER, _issue(folder, "crm-tui", wanted))


def of_branch(folder: Path, role: str) -> Pair:
    """A new pair for a branch that signs in as `role`. Raises `OSError`."""
    return _issue(folder, role, None)


def authority(folder: Path) -> str:
    """The authority's certificate, PEM. Raises `OSError`."""
    return (folder / f"{AUTHORITY}.crt").read_text("ascii")


def revoke(folder: Path, certificates: Iterable[str]) -> None:
    """Write the list of all certificates (PEM) that count no more. A server that cannot read it does
    not start: nothing but its folder keeps it from one of another account. Raises `OSError`."""
    listed = x509.CertificateRevocationListBuilder()
    issuer = x509.load_pem_x509_certificate(authority(folder).encode())
    listed = listed.issuer_name(issuer.subject).last_update(_ALWAYS[0]).next_update(_ALWAYS[1])
    for each in certificates:
        gone = x509.RevokedCertificateBuilder().revocation_date(_ALWAYS[0])
        serial = x509.load_pem_x509_certificate(each.encode()).serial_number
        listed = listed.add_revoked_certificate(gone.serial_number(serial).build())
    made = listed.sign(_key(folder), None)
    atomic_file.write(folder / REVOKED, made.public_bytes(serialization.Encoding.PEM), secret=False)


def sign(folder: Path, octets: bytes) -> bytes:
    """The office's signature under what travels to branches as a file. Raises `OSError`."""
    return _key(folder).sign(octets)


def _key(folder: Path) -> Ed25519PrivateKey:
    octets = (folder / f"{AUTHORITY}.key").read_bytes()
    key = serialization.load_pem_private_key(octets, None)
    assert isinstance(key, Ed25519PrivateKey)
    return key


def _issue(folder: Path, name: str, hosts: list[str] | None) -> Pair:
    """A pair signed by the authority: of a server at `hosts`, or of a client."""
    key = Ed25519PrivateKey.generate()
    issuer = x509.load_pem_x509_certificate(authority(folder).encode())
    made = _builder(_named(name), issuer.subject, key)
    made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    made = made.add_extension(_usage(signs=False), critical=True)
    use = ExtendedKeyUsageOID.CLIENT_AUTH if hosts is None else ExtendedKeyUsageOID.SERVER_AUTH
    made = made.add_extension(x509.ExtendedKeyUsage([use]), critical=False)
    if hosts is not None:
        names = x509.SubjectAlternativeName([_general(host) for host in hosts])
        made = made.add_extension(names, critical=False)
    return _pair(key, made, _key(folder))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: Ed25519PrivateKey
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(_ALWAYS[0])
        .not_valid_after(_ALWAYS[1])
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=signs, crl_sign=signs,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _general(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _pair(key: Ed25519PrivateKey, made: x509.CertificateBuilder, by: Ed25519PrivateKey) -> Pair:
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    certificate = made.sign(by, None).public_bytes(serialization.Encoding.PEM)
    return Pair(private.decode(), certificate.decode())


def _hosts(folder: Path) -> list[str] | None:
    """For which names the server's certificate is; None if there is none."""
    try:
        octets = (folder / f"{SERVER}.crt").read_bytes()
    except FileNotFoundError:
        return None
    names = x509.load_pem_x509_certificate(octets).extensions
    found = names.get_extension_for_class(x509.SubjectAlternativeName).value
    return sorted(str(each.value) for each in found)


def _keep(folder: Path, name: str, pair: Pair) -> None:
    atomic_file.write(folder / f"{name}.key", pair.key.encode())
    atomic_file.write(folder / f"{name}.crt", pair.certificate.encode(), secret=False)
