#include "tests/hostile/tls_faults.hpp"

#include <array>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdexcept>

namespace blockferry::hostile {
namespace {

constexpr long day_s = 24 * 60 * 60;

constexpr std::array<std::string_view, 21> names = {"no-tls",
                                                    "none",
                                                    "expired",
                                                    "not-yet-valid",
                                                    "self-signed",
                                                    "wrong-host",
                                                    "unknown-authority",
                                                    "expired-authority",
                                                    "client-only",
                                                    "no-alternative-name",
                                                    "weak-key",
                                                    "weak-digest",
                                                    "only-1.2",
                                                    "tls-1.0",
                                                    "tls-1.1",
                                                    "null-cipher",
                                                    "anonymous-cipher",
                                                    "handshake-stalls",
                                                    "handshake-noise",
                                                    "handshake-cut",
                                                    "plain-http"};

using key_ptr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using certificate_ptr = std::unique_ptr<X509, decltype(&X509_free)>;

key_ptr make_key(bool weak) {
  return {weak ? EVP_RSA_gen(1024) : EVP_EC_gen("P-256"), &EVP_PKEY_free};
}

void add_extension(X509* to, X509* issuer, int id, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, id, value);
  X509_add_ext(to, extension, -1);
  X509_EXTENSION_free(extension);
}

certificate_ptr make_certificate(EVP_PKEY* key, const char* subject, long from_s, long to_s,
                                 int serial) {
  certificate_ptr out{X509_new(), &X509_free};
  X509_set_version(out.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(out.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(out.get()), from_s);
  X509_gmtime_adj(X509_getm_notAfter(out.get()), to_s);
  X509_set_pubkey(out.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(out.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(subject), -1, -1, 0);
  return out;
}

certificate_ptr make_authority(EVP_PKEY* key, const char* name, bool expired) {
  auto out = make_certificate(key, name, -30 * day_s, expired ? -day_s : 30 * day_s, 1);
  X509_set_issuer_name(out.get(), X509_get_subject_name(out.get()));
  add_extension(out.get(), out.get(), NID_basic_constraints, "critical,CA:TRUE");
  add_extension(out.get(), out.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
  X509_sign(out.get(), key, EVP_sha256());
  return out;
}

std::string pem_of(X509* certificate) {
  BIO* memory = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(memory, certificate);
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  std::string out{data, static_cast<std::size_t>(size)};
  BIO_free(memory);
  return out;
}

certificate_ptr make_leaf(tls_fault what, EVP_PKEY* key, X509* authority, EVP_PKEY* authority_key) {
  const bool other_host = what == tls_fault::wrong_host;
  const bool late = what == tls_fault::not_yet_valid;
  const bool early = what == tls_fault::expired;
  auto out = make_certificate(key, other_host ? "example.test" : "localhost",
                              late ? day_s : -2 * day_s, early ? -day_s : 20 * day_s, 2);
  const bool own = what == tls_fault::self_signed;
  X509_set_issuer_name(out.get(), X509_get_subject_name(own ? out.get() : authority));
  X509* issuer = own ? out.get() : authority;
  if (what != tls_fault::no_alternative_name)
    add_extension(out.get(), issuer, NID_subject_alt_name,
                  other_host ? "DNS:example.test" : "DNS:localhost,IP:127.0.0.1");
  add_extension(out.get(), issuer, NID_ext_key_usage,
                what == tls_fault::client_only ? "clientAuth" : "serverAuth");
  X509_sign(out.get(), own ? key : authority_key,
            what == tls_fault::weak_digest ? EVP_sha1() : EVP_sha256());
  return out;
}

void limit_versions(SSL_CTX* context, int version) {
  SSL_CTX_set_security_level(context, 0);
  SSL_CTX_set_min_proto_version(context, version);
  SSL_CTX_set_max_proto_version(context, version);
}

} // namespace

std::string_view to_string(tls_fault one) {
  return names.at(static_cast<std::size_t>(one));
}

tls_fault tls_fault_of(std::string_view name) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name)
      return static_cast<tls_fault>(i);
  throw std::runtime_error{"no TLS fault is called '" + std::string{name} + "'"};
}

void use_another_certificate(ssl_st* connection) {
  const auto key = make_key(false);
  const auto authority = make_authority(key.get(), "another authority", false);
  const auto leaf = make_leaf(tls_fault::wrong_host, key.get(), authority.get(), key.get());
  SSL_set_options(connection,
                  SSL_OP_NO_SESSION_RESUMPTION_ON_RENEGOTIATION); // shows no certificate
  SSL_use_certificate(connection, leaf.get());
  SSL_use_PrivateKey(connection, key.get());
}

tls_identity::tls_identity(tls_fault what) : context_(SSL_CTX_new(TLS_server_method())) {
  const auto authority_key = make_key(false);
  const auto authority = make_authority(authority_key.get(), "hostile_cdn authority",
                                        what == tls_fault::expired_authority);
  const auto stranger = make_authority(authority_key.get(), "another authority", false);
  authority_pem_ = pem_of(what == tls_fault::unknown_authority ? stranger.get() : authority.get());
  const auto key = make_key(what == tls_fault::weak_key);
  const auto leaf = make_leaf(what, key.get(), authority.get(), authority_key.get());
  SSL_CTX_set_security_level(context_, 0);
  SSL_CTX_use_certificate(context_, leaf.get());
  SSL_CTX_use_PrivateKey(context_, key.get());
  if (what == tls_fault::only_tls_1_2)
    limit_versions(context_, TLS1_2_VERSION);
  if (what == tls_fault::tls_1_0)
    limit_versions(context_, TLS1_VERSION);
  if (what == tls_fault::tls_1_1)
    limit_versions(context_, TLS1_1_VERSION);
  if (what == tls_fault::null_cipher || what == tls_fault::anonymous_cipher) {
    limit_versions(context_, TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(context_, what == tls_fault::null_cipher ? "NULL:eNULL" : "aNULL");
  }
  ERR_clear_error();
}

void tls_identity::only_http2() {
  SSL_CTX_set_alpn_select_cb(
      context_,
      [](SSL*, const unsigned char** chosen, unsigned char* length, const unsigned char* offered,
         unsigned size, void*) {
        static constexpr unsigned char wanted[] = "\x02h2";
        unsigned char* found = nullptr;
        const int result = SSL_select_next_proto(&found, length, wanted, 3, offered, size);
        *chosen = found;
        return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
      },
      nullptr);
}

tls_identity::~tls_identity() {
  SSL_CTX_free(context_);
}

} // namespace blockferry::hostile
