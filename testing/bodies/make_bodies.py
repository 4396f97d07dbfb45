"""Writes charsets.tsv and codings.tsv, see README.md. Needs the packages brotli and zstandard."""

import gzip
import json
import zlib
from pathlib import Path

import brotli
import zstandard

HERE = Path(__file__).resolve().parent
CHINESE, TAIWAN, JAPANESE, KOREAN = "订单已发货，请查收", "訂單已出貨，請查收", "注文は発送されました。ｶﾅ", "주문이 발송되었습니다"
WESTERN, EURO = "Grüße aus Köln, garçon ¿qué?", "Straße – 12 € “net”"
TEXTS = [
    *((label, codec, CHINESE) for label, codec in [
        ("utf-8", "utf-8"), ("UTF8", "utf-8"), ("gbk", "gbk"), ("GBK", "gbk"), ("gb2312", "gb2312"), ("x-gbk", "gbk"),
        ("cp936", "gbk"), ("gb18030", "gb18030"), ("utf-16le", "utf-16-le"), ("utf-16be", "utf-16-be"),
        ("utf-16", "utf-16-le"), ("ucs-2", "utf-16-le"), ("utf-32le", "utf-32-le"), ("utf-32be", "utf-32-be")]),
    ("gb18030", "gb18030", "𠀋 ü ₿ 😀"),
    ("utf-16le", "utf-16-le", "𠀋 😀"),
    ("utf-16be", "utf-16-be", "𠀋 😀"),
    *((label, "big5", TAIWAN) for label in ("big5", "Big5", "cn-big5", "x-x-big5", "cp950")),
    ("big5-hkscs", "big5hkscs", TAIWAN),
    *((label, "cp932", JAPANESE) for label in ("shift_jis", "Shift-JIS", "sjis", "windows-31j", "ms_kanji", "cp932")),
    ("euc-jp", "euc-jp", JAPANESE),
    ("iso-2022-jp", "iso-2022-jp", "注文は発送されました。"),
    *((label, "cp949", KOREAN) for label in ("euc-kr", "EUC-KR", "ks_c_5601-1987", "korean", "cp949", "windows-949")),
    *((label, "latin-1", WESTERN) for label in ("iso-8859-1", "ISO-8859-1", "latin1", "l1", "iso8859-1", "cp819")),
    *((label, "cp1252", EURO) for label in ("windows-1252", "cp1252", "x-cp1252", "iso-8859-1")),
    ("iso-8859-15", "iso-8859-15", "12 € œuvre"),
    ("iso-8859-2", "iso-8859-2", "Zażółć gęślą jaźń"),
    ("windows-1250", "cp1250", "Příliš žluťoučký kůň"),
    ("windows-1251", "cp1251", "Заказ отправлен"),
    ("koi8-r", "koi8-r", "Заказ отправлен"),
    ("iso-8859-7", "iso-8859-7", "Η παραγγελία εστάλη"),
    ("windows-1254", "cp1254", "Siparişiniz gönderildi"),
    ("us-ascii", "ascii", "plain"),
]
ORDER = json.dumps({"order": 17, "note": CHINESE, "items": [{"id": i, "name": f"item {i}"} for i in range(40)],
                    "password": "correct horse", "total": 129.9}, ensure_ascii=False).encode()


def bare(data: bytes) -> bytes:
    return zlib.compress(data, wbits=-15)


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=3).compress(data)


def zstd_streamed(data: bytes) -> bytes:
    """Without the size in the header, with a checksum."""
    stream = zstandard.ZstdCompressor(level=3, write_checksum=True).compressobj()
    return stream.compress(data) + stream.flush()


CODINGS = [
    ("identity", ORDER),
    ("", ORDER),
    ("gzip", gzip.compress(ORDER, mtime=0)),
    ("GZIP", gzip.compress(ORDER, 1, mtime=0)),
    ("x-gzip", gzip.compress(ORDER[:100], mtime=0) + gzip.compress(ORDER[100:], mtime=0)),
    ("deflate", zlib.compress(ORDER)),
    ("deflate", zlib.compress(ORDER, 0)),
    ("deflate", bare(ORDER)),
    ("br", brotli.compress(ORDER)),
    ("br", brotli.compress(ORDER, quality=1)),
    ("zstd", zstd(ORDER)),
    ("zstd", zstd_streamed(ORDER)),
    ("gzip, br", brotli.compress(gzip.compress(ORDER, mtime=0))),
    ("deflate,gzip", gzip.compress(zlib.compress(ORDER), mtime=0)),
    ("identity, zstd , gzip", gzip.compress(zstd(ORDER), mtime=0)),
    ("gzip, gzip, gzip", gzip.compress(gzip.compress(gzip.compress(ORDER, mtime=0), mtime=0), mtime=0)),
]


def write(name: str, rows: list[list[str]]) -> None:
    (HERE / name).write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    write("charsets.tsv", [[label, text, text.encode(codec).hex()] for label, codec, text in TEXTS])
    write("codings.tsv", [[coding, data.hex()] for coding, data in CODINGS])
