"""Public keys as SSH writes them, and whether one made a signature.

Both are strings, each after its length in four bytes, and the first of them names the kind::

    00 00 00 0b "ssh-ed25519"  00 00 00 20 (32 bytes of a key)

Sources: RFC 4251 5, RFC 4253 6.6, RFC 5656 3.1, RFC 8332, RFC 8709, OpenSSH's PROTOCOL.u2f.
"""

import hashlib
from collections.abc import Callable

RSA_BITS = range(1024, 16_384 + 1)
"""Sizes of RSA keys that OpenSSH takes."""

_COUNTED = 5
"""Bytes at the end of a security key's signature: its flags in one, its counter in four."""


def strings(data: bytes) -> list[bytes]:
    """The strings that `data` is made of. Raises `ValueError` where something is left over or missing."""
    found = []
    while data:
        length = int.from_bytes(data[:4], "big")
        if len(data) < 4 + length:
            raise ValueError
        found.append(data[4 : 4 + length])
        data = data[4 + length :]
    return found


def string(data: bytes) -> bytes:
    """One string after its length."""
    return len(data).to_bytes(4, "big") + data


def kind(data: bytes) -> str:
    """Of a key or a signature: ``ssh-ed25519``. Empty where none is said."""
    return data[4 : 4 + int.from_bytes(data[:4], "big")].decode("ascii", errors="replace")


def is_known(public: bytes, signature: bytes) -> bool:
    """Whether `is_signed` can judge signatures of this kind by keys of this kind."""
    return (kind(public), kind(signature)) in _CHECKS


def is_signed(message: bytes, signature: bytes, public: bytes) -> bool:
    """Whether the key `public` made this signature over `message`.

    Stricter than OpenSSH, which takes some signatures that are written in another way than the one way there is: with
    zeros before a number of ECDSA, or with a number of Ed25519 that is not reduced (RFC 8032 5.1.7).
    """
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    try:
        _CHECKS[kind(public), kind(signature)](message, signature, public)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, OverflowError):
        return False
    return True


def _ed25519(message: bytes, signature: bytes, public: bytes) -> None:
    (_, point), (_, signed) = strings(public), strings(signature)
    _on_edwards(message, signed, point)


def _sk_ed25519(message: bytes, signature: bytes, public: bytes) -> None:
    (_, point, application), (_, signed) = strings(public), strings(signature[:-_COUNTED])
    _on_edwards(_by_token(message, application, signature), signed, point)


def _on_edwards(message: bytes, signed: bytes, point: bytes) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    Ed25519PublicKey.from_public_bytes(point).verify(signed, message)


def _ecdsa(message: bytes, signature: bytes, public: bytes) -> None:
    (named, curve, point), (_, signed) = strings(public), strings(signature)
    if named != b"ecdsa-sha2-" + curve:
        raise ValueError
    _on_curve(message, signed, curve, point)


def _sk_ecdsa(message: bytes, signature: bytes, public: bytes) -> None:
    (_, curve, point, application), (_, signed) = strings(public), strings(signature[:-_COUNTED])
    if curve != b"nistp256":
        raise ValueError
    _on_curve(_by_token(message, application, signature), signed, curve, point)


def _on_curve(message: bytes, signed: bytes, curve: bytes, point: bytes) -> None:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    named, algorithm = {
        b"nistp256": (ec.SECP256R1(), hashes.SHA256()),
        b"nistp384": (ec.SECP384R1(), hashes.SHA384()),
        b"nistp521": (ec.SECP521R1(), hashes.SHA512()),
    }[curve]
    if point[:1] != b"\x04":  # both its numbers: OpenSSH takes no other form
        raise ValueError
    r, s = map(_number, strings(signed))
    key = ec.EllipticCurvePublicKey.from_encoded_point(named, point)
    key.verify(encode_dss_signature(r, s), message, ec.ECDSA(algorithm))


def _by_token(message: bytes, application: bytes, signature: bytes) -> bytes:
    """What a security key signs instead of a message. As for ssh-keygen, none of its flags has to be set."""
    return hashlib.sha256(application).digest() + signature[-_COUNTED:] + hashlib.sha256(message).digest()


def _rsa(message: bytes, signature: bytes, public: bytes) -> None:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    (_, *numbers), (named, signed) = strings(public), strings(signature)
    exponent, modulus = map(_number, numbers)
    if modulus.bit_length() not in RSA_BITS:
        raise ValueError
    algorithm = hashes.SHA512() if named == b"rsa-sha2-512" else hashes.SHA256()
    whole = signed.rjust(-(-modulus.bit_length() // 8), b"\0")  # RFC 8332 3 leaves zeros before it out
    rsa.RSAPublicNumbers(exponent, modulus).public_key().verify(whole, message, padding.PKCS1v15(), algorithm)


def _number(data: bytes) -> int:
    """One that is not negative and has no zeros before it (RFC 4251, mpint)."""
    if data[:1] >= b"\x80" or (data[:1] == b"\0" and data[1:2] < b"\x80"):
        raise ValueError
    return int.from_bytes(data, "big")


_CHECKS: dict[tuple[str, str], Callable[[bytes, bytes, bytes], None]] = {
    ("ssh-ed25519", "ssh-ed25519"): _ed25519,
    ("sk-ssh-ed25519@openssh.com", "sk-ssh-ed25519@openssh.com"): _sk_ed25519,
    ("sk-ecdsa-sha2-nistp256@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"): _sk_ecdsa,
    ("ssh-rsa", "rsa-sha2-256"): _rsa,
    ("ssh-rsa", "rsa-sha2-512"): _rsa,
    **{(name, name): _ecdsa for name in ("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521")},
}
