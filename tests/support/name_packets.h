// Payloads that carry names, for tests: DNS messages, ClientHellos, QUIC Initial packets.
#ifndef EG_NAME_PACKETS_H
#define EG_NAME_PACKETS_H

#include <gcrypt.h>

#include <string>
#include <vector>

#include "eg_test.h"

namespace eg_test
{

inline Bytes ascii(const std::string &text)
{
    return Bytes(text.begin(), text.end());
}

/* ---- DNS: RFC 1035, 4.1 ---- */

constexpr unsigned DNS_A = 1, DNS_CNAME = 5, DNS_PTR = 12, DNS_AAAA = 28;
constexpr unsigned DNS_RESPONSE = 0x8180;

/* "www.example.com" as labels; a label may hold any byte but a dot. */
inline Bytes dns_name(const std::string &name)
{
    Bytes bytes;
    for (size_t at = 0; at < name.size();) {
        const size_t dot = std::min(name.find('.', at), name.size());
        bytes = bytes + be8(static_cast<unsigned>(dot - at)) + ascii(name.substr(at, dot - at));
        at = dot + 1;
    }
    return bytes + be8(0);
}

inline Bytes dns_record(const Bytes &owner, unsigned type, const Bytes &data, unsigned class_ = 1)
{
    return owner + be16(type) + be16(class_) + be32(300) +
           be16(static_cast<unsigned>(data.size())) + data;
}

inline Bytes dns_record(const std::string &owner, unsigned type, const Bytes &data)
{
    return dns_record(dns_name(owner), type, data);
}

/* One question for `asked`, if it is not "". */
inline Bytes dns_message(const std::string &asked, const std::vector<Bytes> &answers,
                         const std::vector<Bytes> &additional = {}, unsigned flags = DNS_RESPONSE)
{
    Bytes bytes = be16(0x1234) + be16(flags) + be16(asked.empty() ? 0 : 1) +
                  be16(static_cast<unsigned>(answers.size())) + be16(0) +
                  be16(static_cast<unsigned>(additional.size()));
    if (!asked.empty())
        bytes = bytes + dns_name(asked) + be16(DNS_A) + be16(1);
    for (const Bytes &record : answers)
        bytes = bytes + record;
    for (const Bytes &record : additional)
        bytes = bytes + record;
    return bytes;
}

/* ---- TLS ---- */

inline Bytes with_length16(const Bytes &bytes)
{
    return be16(static_cast<unsigned>(bytes.size())) + bytes;
}

/* A ClientHello with a first extension that is not the name, unless `first`. */
inline Bytes client_hello(const std::string &name, size_t before = 8)
{
    const Bytes entry = be8(0) + with_length16(ascii(name));
    const Bytes extensions = be16(0x4469) + with_length16(zeros(before)) + be16(0) +
                             with_length16(with_length16(entry)) + be16(16) +
                             with_length16(with_length16(be8(2) + ascii("h2")));
    const Bytes body = be16(0x0303) + zeros(32) + be8(0) + with_length16(be16(0x1301)) + be8(1) +
                       be8(0) + with_length16(extensions);
    return be8(1) + be8(0) + with_length16(body);
}

inline Bytes tls_record(const Bytes &handshake)
{
    return be8(22) + be16(0x0301) + with_length16(handshake);
}

/* ---- QUIC: RFC 9001, 5 ---- */

inline Bytes sha256_hmac(const Bytes &key, const Bytes &text)
{
    gcry_md_hd_t md;
    gcry_md_open(&md, GCRY_MD_SHA256, GCRY_MD_FLAG_HMAC);
    gcry_md_setkey(md, key.data(), key.size());
    gcry_md_write(md, text.data(), text.size());
    const uint8_t *made = gcry_md_read(md, GCRY_MD_SHA256);
    const Bytes bytes(made, made + 32);
    gcry_md_close(md);
    return bytes;
}

inline Bytes expand_label(const Bytes &secret, const std::string &label, unsigned size)
{
    const Bytes name = ascii("tls13 " + label);
    Bytes made = sha256_hmac(secret, be16(size) + be8(static_cast<unsigned>(name.size())) + name +
                                         be8(0) + be8(1));
    made.resize(size);
    return made;
}

struct QuicVersion {
    uint32_t number;
    unsigned flags; /* of an Initial packet with a packet number of 4 bytes */
    std::string salt, key, iv, hp;
};

inline const QuicVersion QUIC_1 = {
    1, 0xc3, "38762cf7f55934b34d179ae6a4c80cadccbb7f0a", "quic key", "quic iv", "quic hp"};
inline const QuicVersion QUIC_2 = {
    0x6b3343cf,   0xd3,        "0dede3def700a6db819381be6e269dcbf9bd2ed9",
    "quicv2 key", "quicv2 iv", "quicv2 hp"};

/*
 * The protected Initial packet number 2 of a client, whose frames are padded to `size` bytes.
 * sent_to: the connection ID in its header, if that is no longer the one that its keys are made
 * from.
 */
inline Bytes quic_initial(const QuicVersion &version, Bytes frames, size_t size = 1162,
                          const std::string &connection_id = "8394c8f03e515708",
                          const std::string &sent_to = "")
{
    const Bytes id = hex(sent_to.empty() ? connection_id : sent_to);
    const Bytes client =
        expand_label(sha256_hmac(hex(version.salt), hex(connection_id)), "client in", 32);
    const Bytes key = expand_label(client, version.key, 16),
                hp = expand_label(client, version.hp, 16);
    Bytes iv = expand_label(client, version.iv, 12);
    frames.resize(size);
    const auto length = static_cast<unsigned>(size + 4 + 16);
    Bytes header = be8(version.flags) + be32(version.number) +
                   be8(static_cast<unsigned>(id.size())) + id + be8(0) + be8(0) +
                   be16(0x4000 | length) + be32(2);
    iv[11] ^= 2;
    Bytes sealed(size), tag(16), mask(16);
    gcry_cipher_hd_t cipher;
    gcry_cipher_open(&cipher, GCRY_CIPHER_AES128, GCRY_CIPHER_MODE_GCM, 0);
    gcry_cipher_setkey(cipher, key.data(), key.size());
    gcry_cipher_setiv(cipher, iv.data(), iv.size());
    gcry_cipher_authenticate(cipher, header.data(), header.size());
    gcry_cipher_encrypt(cipher, sealed.data(), size, frames.data(), size);
    gcry_cipher_gettag(cipher, tag.data(), tag.size());
    gcry_cipher_close(cipher);
    gcry_cipher_open(&cipher, GCRY_CIPHER_AES128, GCRY_CIPHER_MODE_ECB, 0);
    gcry_cipher_setkey(cipher, hp.data(), hp.size());
    gcry_cipher_encrypt(cipher, mask.data(), 16, sealed.data(), 16);
    gcry_cipher_close(cipher);
    header[0] ^= mask[0] & 0x0f;
    for (size_t i = 0; i < 4; i++)
        header[header.size() - 4 + i] ^= mask[1 + i];
    return header + sealed + tag;
}

/* A CRYPTO frame with lengths of 2 bytes. */
inline Bytes quic_crypto(size_t offset, const Bytes &data)
{
    return be8(6) + be16(0x4000 | static_cast<unsigned>(offset)) +
           be16(0x4000 | static_cast<unsigned>(data.size())) + data;
}

inline Bytes part(const Bytes &bytes, size_t from, size_t to)
{
    return Bytes(bytes.begin() + static_cast<long>(from), bytes.begin() + static_cast<long>(to));
}

} // namespace eg_test

#endif
