"""Ed25519 signatures over canonical JSON, with keys and signatures in hexadecimal."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from karat.kit.canonical import Json, canonical_json


def public_key_of(private_key: Ed25519PrivateKey) -> str:
    """The 32 bytes of the public key, in hexadecimal."""
    return private_key.public_key().public_bytes_raw().hex()


def sign_json(value: Json, private_key: Ed25519PrivateKey) -> str:
    """The 64 bytes of the signature over the value's canonical spelling, in hexadecimal (RFC 8032)."""
    return private_key.sign(canonical_json(value)).hex()


def is_signed(value: Json, signature: str, public_key: str) -> bool:
    """Whether the signature is this key's over this value; False also when key or signature are not lower-case hex."""
    try:
        key, signed = bytes.fromhex(public_key), bytes.fromhex(signature)
        if (key.hex(), signed.hex()) != (public_key, signature):
            return False
        Ed25519PublicKey.from_public_bytes(key).verify(signed, canonical_json(value))
    except (InvalidSignature, ValueError):
        return False
    return True
