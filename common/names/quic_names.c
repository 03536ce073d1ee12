/*
 * QUIC's first flight: RFC 9001, 5. The Initial packet of a client is protected with keys that
 * everyone who sees it can make from its destination connection ID; libgcrypt, which Wireshark
 * brings into both faces, has the ciphers.
 */
#include "names/quic.h"

#include <string.h>

#include <gcrypt.h>

#include "names/packet_names.h"

enum { SECRET = 32, KEY = EG_QUIC_KEY, IV = EG_QUIC_IV, SAMPLE = 16, TAG = 16 };

/* What differs between version 1 and 2 (RFC 9369, 3). */
struct version {
    uint32_t number;
    uint8_t initial; /* the type bits of an Initial packet */
    uint8_t retry;   /* and of a Retry, which has no length */
    uint8_t salt[20];
    const char *key, *iv, *hp;
};

static const struct version versions[] = {
    {1,
     0,
     3,
     {0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
      0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a},
     "quic key",
     "quic iv",
     "quic hp"},
    {0x6b3343cf,
     1,
     0,
     {0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93,
      0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9},
     "quicv2 key",
     "quicv2 iv",
     "quicv2 hp"},
};

/* A host that uses libgcrypt has begun it, its own way. Without secrets no locked memory is due. */
void eg_names_prepare(void)
{
    if (gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P))
        return;
    gcry_check_version(NULL);
    gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
    gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
}

/* RFC 9000, 16: 1, 2, 4 or 8 bytes, as the first two bits tell. */
static bool read_varint(struct eg_cursor *c, uint64_t *value)
{
    uint8_t byte = 0;
    if (!eg_cursor_u8(c, &byte))
        return false;
    uint64_t made = byte & 0x3f;
    for (unsigned more = (1U << (byte >> 6)) - 1; more; more--) {
        uint8_t next = 0;
        if (!eg_cursor_u8(c, &next))
            return false;
        made = made << 8 | next;
    }
    *value = made;
    return true;
}

static bool take(struct eg_cursor *c, uint64_t length, struct eg_cursor *part)
{
    if (eg_cursor_left(c) < length)
        return false;
    *part = eg_cursor_over(c->at, (size_t)length);
    return eg_cursor_skip(c, (size_t)length);
}

/* ---- keys: RFC 9001, 5.2 ---- */

static bool hmac(const void *key, size_t key_size, const void *text, size_t size,
                 uint8_t made[SECRET])
{
    gcry_md_hd_t md;
    if (gcry_md_open(&md, GCRY_MD_SHA256, GCRY_MD_FLAG_HMAC) != 0)
        return false;
    const bool set = gcry_md_setkey(md, key, key_size) == 0;
    if (set) {
        gcry_md_write(md, text, size);
        memcpy(made, gcry_md_read(md, GCRY_MD_SHA256), SECRET);
    }
    gcry_md_close(md);
    return set;
}

/* HKDF-Expand-Label of RFC 8446, 7.1, with no context; 32 bytes at most, so one block. */
static bool expand(const uint8_t secret[SECRET], const char *label, uint8_t *made, size_t size)
{
    static const char prefix[] = "tls13 ";
    uint8_t info[64], block[SECRET];
    const size_t length = strlen(label), labels = sizeof prefix - 1 + length;
    size_t at = 0;
    info[at++] = 0;
    info[at++] = (uint8_t)size;
    info[at++] = (uint8_t)labels;
    memcpy(info + at, prefix, sizeof prefix - 1);
    memcpy(info + at + sizeof prefix - 1, label, length);
    at += labels;
    info[at++] = 0; /* no context */
    info[at++] = 1; /* the first block */
    if (!hmac(secret, SECRET, info, at, block))
        return false;
    memcpy(made, block, size);
    return true;
}

static const struct version *find_version(uint32_t number)
{
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++)
        if (versions[i].number == number)
            return &versions[i];
    return NULL;
}

bool eg_quic_make_keys(const struct eg_quic_packet *packet, struct eg_quic_keys *keys)
{
    uint8_t common[SECRET], client[SECRET];
    const struct version *version = find_version(packet->version);
    const struct eg_cursor *id = &packet->connection_id;
    *keys =
        (struct eg_quic_keys){.version = packet->version, .id_size = (uint8_t)eg_cursor_left(id)};
    memcpy(keys->id, id->at, keys->id_size);
    return hmac(version->salt, sizeof version->salt, id->at, keys->id_size, common) &&
           expand(common, "client in", client, SECRET) &&
           expand(client, version->key, keys->key, KEY) &&
           expand(client, version->iv, keys->iv, IV) && expand(client, version->hp, keys->hp, KEY);
}

bool eg_quic_keys_equal(const struct eg_quic_keys *a, const struct eg_quic_keys *b)
{
    return a->version == b->version && a->id_size == b->id_size &&
           memcmp(a->id, b->id, a->id_size) == 0;
}

bool eg_quic_keys_are_of(const struct eg_quic_keys *keys, const struct eg_quic_packet *packet)
{
    return keys->version == packet->version &&
           keys->id_size == eg_cursor_left(&packet->connection_id) &&
           memcmp(keys->id, packet->connection_id.at, keys->id_size) == 0;
}

/* ---- the packet ---- */

/* A connection ID: 1 byte of length, then as many. */
static bool take_id(struct eg_cursor *c, struct eg_cursor *id)
{
    uint8_t size = 0;
    return eg_cursor_u8(c, &size) && size <= EG_QUIC_ID_MAX && take(c, size, id);
}

/*
 * RFC 9000, 17.2: flags (1), version (4), destination connection ID (1 + n), source connection ID
 * (1 + n); of an Initial packet token (varint + n); length (varint), packet number and payload.
 */
bool eg_quic_next(struct eg_cursor *datagram, struct eg_quic_packet *packet)
{
    enum { LONG = 0xc0, TYPE = 3 };
    uint8_t flags = 0;
    uint32_t number = 0;
    uint64_t length = 0;
    struct eg_cursor skipped;
    packet->start = datagram->at;
    if (!eg_cursor_u8(datagram, &flags) || (flags & LONG) != LONG ||
        !eg_cursor_u32(datagram, &number))
        return false;
    const struct version *version = find_version(number);
    if (!version || !take_id(datagram, &packet->connection_id) || !take_id(datagram, &skipped) ||
        (flags >> 4 & TYPE) == version->retry)
        return false;
    packet->version = number;
    packet->initial = (flags >> 4 & TYPE) == version->initial;
    return (!packet->initial ||
            (read_varint(datagram, &length) && take(datagram, length, &skipped))) &&
           read_varint(datagram, &length) && take(datagram, length, &packet->sealed);
}

/* RFC 9001, 5.4: what hides the flags and the packet number. */
static bool make_mask(const struct eg_quic_packet *packet, const struct eg_quic_keys *keys,
                      uint8_t mask[SAMPLE])
{
    enum { SAMPLE_AT = 4 };
    struct eg_cursor sample = packet->sealed;
    gcry_cipher_hd_t cipher;
    if (!eg_cursor_skip(&sample, SAMPLE_AT) || eg_cursor_left(&sample) < SAMPLE ||
        gcry_cipher_open(&cipher, GCRY_CIPHER_AES128, GCRY_CIPHER_MODE_ECB, 0) != 0)
        return false;
    const bool made = gcry_cipher_setkey(cipher, keys->hp, KEY) == 0 &&
                      gcry_cipher_encrypt(cipher, mask, SAMPLE, sample.at, SAMPLE) == 0;
    gcry_cipher_close(cipher);
    return made;
}

static bool decrypt(const struct eg_quic_keys *keys, const uint8_t iv[IV], const uint8_t *header,
                    size_t header_size, struct eg_cursor payload, uint8_t *plain)
{
    const size_t size = eg_cursor_left(&payload) - TAG;
    gcry_cipher_hd_t cipher;
    if (gcry_cipher_open(&cipher, GCRY_CIPHER_AES128, GCRY_CIPHER_MODE_GCM, 0) != 0)
        return false;
    const bool made = gcry_cipher_setkey(cipher, keys->key, KEY) == 0 &&
                      gcry_cipher_setiv(cipher, iv, IV) == 0 &&
                      gcry_cipher_authenticate(cipher, header, header_size) == 0 &&
                      gcry_cipher_decrypt(cipher, plain, size, payload.at, size) == 0 &&
                      gcry_cipher_checktag(cipher, payload.at + size, TAG) == 0;
    gcry_cipher_close(cipher);
    return made;
}

bool eg_quic_open(const struct eg_quic_packet *packet, const struct eg_quic_keys *keys,
                  uint8_t room[EG_QUIC_ROOM], struct eg_cursor *frames)
{
    enum { HEADER_MAX = 512, LONG_FLAGS = 0x0f, NUMBER_BYTES = 3 };
    uint8_t mask[SAMPLE], header[HEADER_MAX], iv[IV];
    struct eg_cursor payload = packet->sealed;
    size_t size = (size_t)(payload.at - packet->start);
    if (!make_mask(packet, keys, mask) || size + 4 > sizeof header)
        return false;
    memcpy(header, packet->start, size + 4); /* make_mask() found more than the number's bytes */
    header[0] ^= mask[0] & LONG_FLAGS;
    const size_t number = (header[0] & NUMBER_BYTES) + 1U;
    memcpy(iv, keys->iv, IV);
    for (size_t i = 0; i < number; i++) {
        header[size + i] ^= mask[1 + i];
        iv[IV - number + i] ^= header[size + i];
    }
    size += number;
    if (!eg_cursor_skip(&payload, number) || eg_cursor_left(&payload) < TAG ||
        eg_cursor_left(&payload) - TAG > EG_QUIC_ROOM ||
        !decrypt(keys, iv, header, size, payload, room))
        return false;
    *frames = eg_cursor_over(room, eg_cursor_left(&payload) - TAG);
    return true;
}

/* ---- frames: RFC 9000, 19 ---- */

static bool skip_varints(struct eg_cursor *c, uint64_t count)
{
    uint64_t value = 0;
    for (; count; count--)
        if (!read_varint(c, &value))
            return false;
    return true;
}

/*
 * Passes over an ACK, RFC 9000, 19.3: largest, delay, number of ranges, first range; then the
 * ranges, of two numbers, and three of ECN.
 */
static bool skip_ack(struct eg_cursor *c, bool ecn)
{
    uint64_t ranges = 0;
    return skip_varints(c, 2) && read_varint(c, &ranges) && ranges <= eg_cursor_left(c) &&
           skip_varints(c, 1 + ranges * 2 + (ecn ? 3 : 0));
}

/* A part of the ClientHello: where it begins in it, and its bytes. */
static bool next_crypto(struct eg_cursor *frames, uint64_t *offset, struct eg_cursor *data)
{
    enum { PADDING = 0, PING = 1, ACK = 2, ACK_ECN = 3, CRYPTO = 6 };
    uint8_t type = 0;
    uint64_t length = 0;
    while (eg_cursor_u8(frames, &type)) {
        if (type == PADDING || type == PING)
            continue;
        if (type == CRYPTO)
            return read_varint(frames, offset) && read_varint(frames, &length) &&
                   take(frames, length, data);
        if ((type != ACK && type != ACK_ECN) || !skip_ack(frames, type == ACK_ECN))
            return false;
    }
    return false;
}

enum eg_status eg_quic_join(struct eg_cursor frames, struct eg_pieces *pieces)
{
    uint64_t offset = 0;
    struct eg_cursor data;
    enum eg_status status = EG_OK, kept = EG_OK;
    const struct eg_cursor before = eg_pieces_whole(pieces);
    const size_t whole = eg_cursor_left(&before);
    const uint8_t grown = pieces->grown;
    while (status != EG_ERR_NO_MEMORY && next_crypto(&frames, &offset, &data)) {
        status = eg_pieces_put(pieces, offset, data);
        if (status != EG_OK)
            kept = status;
    }
    const struct eg_cursor now = eg_pieces_whole(pieces);
    pieces->grown = (uint8_t)(grown + (eg_cursor_left(&now) > whole));
    return kept;
}
