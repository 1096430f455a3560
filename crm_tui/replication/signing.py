"""Signatures under what travels as a file: Ed25519, by the keys of the chain's certificates."""

import base64

from crm_tui.replication.errors import ChainExtraMissing

SIZE = 88
"""Octets of a signature in base64."""


def sign(key: bytes, digest: bytes) -> bytes:
    """The signature in base64, by a private key (PEM). Raises `ChainExtraMissing`."""
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ImportError as trouble:
        raise ChainExtraMissing() from trouble
    private = load_pem_private_key(key, None)
    assert isinstance(private, Ed25519PrivateKey)
    return base64.b64encode(private.sign(digest))


def is_signed(certificate: str, signature: bytes, digest: bytes) -> bool:
    """Whether a signature in base64 is by the key of a certificate (PEM). Raises
    `ChainExtraMissing`."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
        from cryptography.x509 import load_pem_x509_certificate
    except ImportError as trouble:
        raise ChainExtraMissing() from trouble
    public = load_pem_x509_certificate(certificate.encode()).public_key()
    assert isinstance(public, Ed25519PublicKey)
    try:
        public.verify(base64.b64decode(signature, validate=True), digest)
    except (InvalidSignature, ValueError):
        return False
    return True
