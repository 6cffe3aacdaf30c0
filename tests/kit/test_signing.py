from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from karat.kit.signing import is_signed, public_key_of, sign_json

# RFC 8032 section 7.1, TEST 1: the seed and its public key.
SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"


def test_the_public_key_is_that_of_the_standards_example() -> None:
    assert public_key_of(Ed25519PrivateKey.from_private_bytes(SEED)) == PUBLIC


def test_a_signature_holds_for_its_value_and_key_and_for_no_other() -> None:
    key = Ed25519PrivateKey.from_private_bytes(SEED)
    signature = sign_json({"n": 1}, key)
    other = public_key_of(Ed25519PrivateKey.from_private_bytes(bytes(32)))
    assert is_signed({"n": 1.0}, signature, PUBLIC)
    assert not is_signed({"n": 2}, signature, PUBLIC)
    assert not is_signed({"n": 1}, signature, other)


def test_a_signature_or_key_that_is_not_lower_case_hex_does_not_hold() -> None:
    signature = sign_json(1, Ed25519PrivateKey.from_private_bytes(SEED))
    assert not is_signed(1, signature.upper(), PUBLIC)
    assert not is_signed(1, signature[:-2], PUBLIC)
    assert not is_signed(1, "", PUBLIC)
    assert not is_signed(1, signature, "zz")
    assert not is_signed(1, signature, PUBLIC + " ")
