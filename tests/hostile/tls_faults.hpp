#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct ssl_st;
struct ssl_ctx_st;

namespace blockferry::hostile {

/// What is wrong with a server's TLS (C12).
enum class tls_fault : std::uint8_t {
  no_tls,
  none,                ///< TLS as it should be
  expired,             ///< the certificate ended yesterday
  not_yet_valid,       ///< it begins tomorrow
  self_signed,         ///< nobody but itself vouches for it
  wrong_host,          ///< it is another host's
  unknown_authority,   ///< an authority that the client does not know
  expired_authority,   ///< the authority itself has expired
  client_only,         ///< made for clients, not for servers
  no_alternative_name, ///< the host stands in the subject only
  weak_key,            ///< RSA of 1,024 bits
  weak_digest,         ///< signed with SHA-1
  only_tls_1_2,        ///< as it should be, and nothing newer than TLS 1.2
  tls_1_0,             ///< nothing newer than TLS 1.0
  tls_1_1,             ///< nothing newer than TLS 1.1
  null_cipher,         ///< no encryption
  anonymous_cipher,    ///< no certificate
  handshake_stalls,    ///< silent after the client's hello
  handshake_noise,     ///< bytes that are no TLS
  handshake_cut,       ///< the end after the client's hello
  plain_http,          ///< HTTP where TLS is expected
};

[[nodiscard]] std::string_view to_string(tls_fault one);
/// The reverse; throws std::runtime_error for an unknown name.
[[nodiscard]] tls_fault tls_fault_of(std::string_view name);
/// Visits each fault in order.
template <class Visitor>
void for_each_tls_fault(Visitor visit) {
  for (auto i = static_cast<unsigned>(tls_fault::none);
       i <= static_cast<unsigned>(tls_fault::plain_http); ++i)
    visit(static_cast<tls_fault>(i));
}

/// Gives a connection a certificate of another host by nobody's authority, for its next handshake.
void use_another_certificate(ssl_st* connection);

/// Keys and certificates for one server, made anew in memory.
class tls_identity {
public:
  explicit tls_identity(tls_fault what);
  ~tls_identity();
  tls_identity(const tls_identity&) = delete;
  tls_identity& operator=(const tls_identity&) = delete;

  /// From now on agrees to HTTP/2 and to nothing else.
  void only_http2();
  [[nodiscard]] ssl_ctx_st* context() const noexcept { return context_; }
  /// The authority a client is to trust, as PEM.
  [[nodiscard]] const std::string& authority_pem() const noexcept { return authority_pem_; }

private:
  ssl_ctx_st* context_ = nullptr;
  std::string authority_pem_;
};

} // namespace blockferry::hostile
