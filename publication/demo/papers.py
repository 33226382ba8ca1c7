"""Small evidence files, made by code: a picture and a page of PDF that say what they are."""

import struct
import zlib

from django.core.files.base import ContentFile

WIDTH, HEIGHT = 320, 200
SKY, FIELD, ROAD = (214, 224, 232), (196, 186, 140), (150, 142, 132)


def picture(name):
    """This function will return a PNG, a plain landscape, as a file of that name."""
    rows = []
    for y in range(HEIGHT):
        colour = SKY if y < 90 else FIELD
        row = bytearray(bytes(colour) * WIDTH)
        if y >= 90:
            half = (y - 86) // 2
            row[3 * (160 - half) : 3 * (160 + half)] = bytes(ROAD) * (2 * half)
        rows.append(b"\x00" + bytes(row))
    size = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    content = b"\x89PNG\r\n\x1a\n"
    content += _chunk(b"IHDR", size)
    content += _chunk(b"IDAT", zlib.compress(b"".join(rows), 9))
    return ContentFile(content + _chunk(b"IEND", b""), name=name)


def _chunk(kind, data):
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)


def page(name, *lines):
    """This function will return a one-page A4 PDF of a few lines of Chinese, as a file."""
    words = ["BT /F1 16 Tf 72 760 Td 28 TL"]
    words += [f"<{line.encode('utf-16-be').hex()}> Tj T*" for line in lines]
    stream = "\n".join([*words, "ET"]).encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
        b" /DescendantFonts [6 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 7 0 R"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000 >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880]"
        b" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    ]
    content, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    content += b"".join(b"%010d 00000 n \n" % place for place in places)
    content += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return ContentFile(bytes(content), name=name)
