#include "runtime/transport/curl_calls.hpp"

#include <algorithm>
#include <cerrno>
#include <curl/curl.h>
#include <new>
#include <sys/socket.h>
#include <utility>

namespace blockferry::runtime {
namespace {

constexpr long buffer_bytes = 256L << 10;
constexpr curl_off_t file_bytes_max = 1LL << 30; ///< behind the cap of each transfer
constexpr long connection_age_max_seconds = 3'600;
static_assert(CURL_ERROR_SIZE <= sizeof(transfer::error));

std::size_t on_header(char* data, std::size_t, std::size_t size, void* of) noexcept {
  auto& one = *static_cast<transfer*>(of);
  try {
    return one.answer.header({data, size}) ? size : 0;
  } catch (const std::bad_alloc&) {
    return 0;
  }
}

std::size_t on_body(char* data, std::size_t, std::size_t size, void* of) noexcept {
  auto& one = *static_cast<transfer*>(of);
  if (one.limit.wait(rate_limit::clock::now()).count() > 0) {
    one.paused = true;
    return CURL_WRITEFUNC_PAUSE;
  }
  if (one.limit.limited())
    one.limit.spend(size);
  try {
    return one.answer.body({reinterpret_cast<const std::uint8_t*>(data), size}) ? size : 0;
  } catch (const std::bad_alloc&) {
    return 0;
  }
}

/// The last gate before a packet leaves: what a name led to is known here, and only here.
curl_socket_t on_socket(void* of, curlsocktype, curl_sockaddr* address) noexcept {
  auto& one = *static_cast<transfer*>(of);
  if (!permits(one.may_reach, address->addr)) {
    one.address_refused = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

bool was_reset(const transfer& one) {
  long number = 0;
  curl_easy_getinfo(one.handle, CURLINFO_OS_ERRNO, &number);
  return number == ECONNRESET || number == EPIPE;
}

/// What a downloader does about an error of libcurl.
errc class_of(CURLcode code, const transfer& one) {
  switch (static_cast<int>(code)) {
  case CURLE_COULDNT_RESOLVE_PROXY:
  case CURLE_COULDNT_RESOLVE_HOST:
  case CURLE_COULDNT_CONNECT:
    return one.address_refused ? errc::cdn_forbidden_address : errc::cdn_unreachable;
  case CURLE_SEND_ERROR:
  case CURLE_GOT_NOTHING:
    return errc::cdn_unreachable;
  case CURLE_RECV_ERROR: // also what libcurl says of a chunk that is none
    if (!one.answer.answered())
      return errc::cdn_unreachable;
    return one.answer.bytes_received() > 0 || was_reset(one) ? errc::cdn_truncated
                                                             : errc::cdn_protocol;
  case CURLE_OPERATION_TIMEDOUT:
    return errc::cdn_timed_out;
  case CURLE_PARTIAL_FILE:
    return errc::cdn_truncated;
  case CURLE_FILESIZE_EXCEEDED:
    return errc::cdn_too_large;
  case CURLE_BAD_CONTENT_ENCODING:
    return errc::cdn_bad_encoding;
  case CURLE_SSL_CONNECT_ERROR:
  case CURLE_SSL_ENGINE_NOTFOUND:
  case CURLE_SSL_ENGINE_SETFAILED:
  case CURLE_SSL_CERTPROBLEM:
  case CURLE_SSL_CIPHER:
  case CURLE_PEER_FAILED_VERIFICATION:
  case CURLE_USE_SSL_FAILED:
  case CURLE_SSL_ENGINE_INITFAILED:
  case CURLE_SSL_CACERT_BADFILE:
  case CURLE_SSL_SHUTDOWN_FAILED:
  case CURLE_SSL_CRL_BADFILE:
  case CURLE_SSL_ISSUER_ERROR:
  case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
  case CURLE_SSL_INVALIDCERTSTATUS:
    return errc::cdn_tls;
  default: // CURLE_OUT_OF_MEMORY among them: what libcurl says of a header without end
    return errc::cdn_protocol;
  }
}

/// Whether libcurl took every option; one it does not know would be a hole.
class option_setter {
public:
  explicit option_setter(CURL* handle) : handle_(handle) {}
  template <class Value>
  void operator()(CURLoption option, Value value) {
    if (curl_easy_setopt(handle_, option, value) != CURLE_OK)
      taken_ = false;
  }
  [[nodiscard]] bool all_taken() const noexcept { return taken_; }

private:
  CURL* handle_;
  bool taken_ = true;
};

/// libcurl's own watches stand behind ours, which come first: what libcurl ends over HTTP/2 leaves
/// the connection to others, dead as it may be.  Ours needs two stretches at most.
constexpr std::chrono::milliseconds backstop{2'000};

long backstop_seconds(std::chrono::milliseconds stretch) {
  return stretch.count() == 0
             ? 0L
             : static_cast<long>(
                   std::chrono::ceil<std::chrono::seconds>(2 * stretch + backstop).count());
}

/// What holds for every transfer.
bool configure(CURL* handle, const curl_options& options, const std::string& ca_file) {
  option_setter set{handle};
  set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS);
  set(CURLOPT_HTTP09_ALLOWED, 0L);
  set(CURLOPT_USERAGENT, "blockferry");
  set(CURLOPT_BUFFERSIZE, buffer_bytes);
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  set(CURLOPT_PATH_AS_IS, 1L);
  // Nothing leads elsewhere.
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_MAXREDIRS, 0L);
  set(CURLOPT_REDIR_PROTOCOLS_STR, "https");
  set(CURLOPT_PROXY, options.proxy.c_str());
  set(CURLOPT_NOPROXY, "");
  set(CURLOPT_OPENSOCKETFUNCTION, &on_socket);
  // Nothing is told.
  set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  set(CURLOPT_UNRESTRICTED_AUTH, 0L);
  set(CURLOPT_COOKIEFILE, static_cast<const char*>(nullptr));
  // Nobody else is believed.
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_SSL_CIPHER_LIST, "DEFAULT:@SECLEVEL=2");
  set(CURLOPT_CAINFO, ca_file.c_str());
  set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  // Bytes come as they are, and not for ever.
  set(CURLOPT_ACCEPT_ENCODING, static_cast<const char*>(nullptr));
  set(CURLOPT_HTTP_CONTENT_DECODING, 0L);
  set(CURLOPT_MAXFILESIZE_LARGE, file_bytes_max);
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
  set(CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(options.low_speed_bytes));
  set(CURLOPT_LOW_SPEED_TIME, backstop_seconds(options.low_speed_time));
  set(CURLOPT_MAXLIFETIME_CONN, connection_age_max_seconds);
  // No signal, and no wait for a resolver that hangs.
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT, 1L);
  set(CURLOPT_HEADERFUNCTION, &on_header);
  set(CURLOPT_WRITEFUNCTION, &on_body);
  return set.all_taken();
}

/// Puts libcurl's error into the answer, unless that has a verdict of its own.
void note_error(transfer& one, CURLcode code) {
  if (code == CURLE_OK || one.answer.settled())
    return;
  const std::string detail{one.error.data()};
  one.answer.refuse(class_of(code, one),
                    one.address_refused
                        ? "its name leads to an address of this machine or its network; "
                          "--allow-private permits that"
                        : printable(detail.empty() ? curl_easy_strerror(code) : detail, 200));
}

} // namespace

curl_calls::curl_calls(const curl_options& options, std::string ca_file)
    : options_(options), ca_file_(std::move(ca_file)), multi_(curl_multi_init()) {
  // One more a host for latest.json, and one for a hedge.
  const long a_host = static_cast<long>(options_.connections) + 2;
  const long total = a_host + static_cast<long>(options_.origins.size());
  curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS, a_host);
  curl_multi_setopt(multi_, CURLMOPT_MAX_TOTAL_CONNECTIONS, total);
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, total);
  // A connection of its own for each transfer, with HTTP/2 too: libcurl would put all on the first,
  // and a CDN far away carries so much a connection.
  curl_multi_setopt(multi_, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));
}

curl_calls::~curl_calls() {
  curl_multi_cleanup(multi_);
}

bool curl_calls::ready() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  return code == CURLE_OK;
}

std::string curl_calls::version() {
  return curl_version_info(CURLVERSION_NOW)->version;
}

std::string curl_calls::system_ca_file() {
  const char* path = curl_version_info(CURLVERSION_NOW)->cainfo;
  return path == nullptr ? "" : path;
}

bool curl_calls::takes_options() const {
  CURL* handle = curl_easy_init();
  const bool taken = handle != nullptr && configure(handle, options_, ca_file_);
  curl_easy_cleanup(handle);
  return taken && multi_ != nullptr;
}

bool curl_calls::prepare(transfer& one) {
  one.handle = curl_easy_init();
  if (one.handle == nullptr || !configure(one.handle, options_, ca_file_))
    return false;
  curl_slist* headers = nullptr;
  const auto add_header = [&](const char* name, const std::string& value) {
    if (!value.empty())
      headers = curl_slist_append(headers, (name + value).c_str());
  };
  add_header("If-None-Match: ", one.request.if_none_match);
  add_header("If-Modified-Since: ", one.request.if_modified_since);
  one.headers = headers;
  // What our own limit holds up is not the peer's delay.
  std::chrono::milliseconds deadline = one.request.deadline;
  if (one.limit.limited() && deadline.count() > 0)
    deadline += std::chrono::milliseconds{1'000 * one.request.bytes_max * options_.connections /
                                          one.limit.bytes_per_second()};
  if (deadline.count() > 0) {
    one.due = one.begun + deadline;
    deadline += backstop;
  }
  option_setter set{one.handle};
  set(CURLOPT_URL, one.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, to_string(one.how).data());
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(deadline.count()));
  set(CURLOPT_FRESH_CONNECT, one.request.fresh_connection ? 1L : 0L);
  set(CURLOPT_HTTPHEADER, headers);
  set(CURLOPT_ERRORBUFFER, one.error.data());
  set(CURLOPT_HEADERDATA, &one);
  set(CURLOPT_WRITEDATA, &one);
  set(CURLOPT_OPENSOCKETDATA, &one);
  set(CURLOPT_PRIVATE, &one);
  return set.all_taken();
}

bool curl_calls::add(transfer& one) {
  return prepare(one) && curl_multi_add_handle(multi_, one.handle) == CURLM_OK;
}

void curl_calls::remove(transfer& one) {
  // A connection of HTTP/2 outlives its stream: a dead one would be given to transfer after
  // transfer.
  if (one.stalled)
    curl_easy_setopt(one.handle, CURLOPT_FORBID_REUSE, 1L);
  curl_multi_remove_handle(multi_, one.handle);
  curl_easy_cleanup(one.handle);
  curl_slist_free_all(static_cast<curl_slist*>(one.headers));
  one.handle = one.headers = nullptr;
}

void curl_calls::resume(transfer& one) {
  curl_easy_pause(one.handle, CURLPAUSE_CONT);
}

std::vector<transfer*> curl_calls::perform() {
  int handles = 0;
  curl_multi_perform(multi_, &handles);
  std::vector<transfer*> ended;
  while (CURLMsg* message = curl_multi_info_read(multi_, &handles)) {
    transfer* one = nullptr;
    if (message->msg != CURLMSG_DONE ||
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &one) != CURLE_OK)
      continue;
    note_error(*one, message->data.result);
    ended.push_back(one);
  }
  return ended;
}

void curl_calls::wait(std::chrono::milliseconds most) {
  curl_multi_poll(multi_, nullptr, 0, static_cast<int>(most.count()), nullptr);
}

void curl_calls::wake() {
  curl_multi_wakeup(multi_);
}

} // namespace blockferry::runtime
