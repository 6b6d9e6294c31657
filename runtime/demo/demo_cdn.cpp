#include "runtime/demo/demo_cdn.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <algorithm>
#include <set>
#include <thread>
#include <utility>

namespace blockferry::runtime {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

/// The client of the demonstration gives up on a silent transfer long before.
constexpr std::chrono::seconds stall_duration{30};
/// Among the files, in order: every seventh stalls once, every fifth lies once.
constexpr std::size_t stall_every = 7;
constexpr std::size_t lie_every = 5;
/// A bit of the first block's state root: every node that checks headers sees it.  Bodies are bound
/// from the level `consensus` on only.
constexpr std::size_t lie_at = 16 + 70;

} // namespace

/// Everything but the counters is touched on the CDN's thread only.
class demo_cdn::impl {
public:
  impl(std::vector<demo_file> files, std::chrono::milliseconds pace,
       std::function<void()> on_answer)
      : files_(std::move(files)), pace_(pace), on_answer_(std::move(on_answer)),
        acceptor_(context_, tcp::endpoint{asio::ip::address_v4::loopback(), 0}) {
    accept();
    thread_ = std::thread{[this] { context_.run(); }};
  }
  ~impl() {
    context_.stop();
    thread_.join();
  }
  impl(const impl&) = delete;
  impl& operator=(const impl&) = delete;

  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
  }
  [[nodiscard]] demo_cdn_counts counts() const { return {answered_, stalled_, lied_}; }

private:
  /// One connection: read a request, wait, answer, again.
  struct session : std::enable_shared_from_this<session> {
    session(impl& owner, tcp::socket socket)
        : cdn(owner), stream(std::move(socket)), timer(stream.get_executor()) {}

    void read() {
      request = {};
      http::async_read(stream, buffer, request,
                       [self = shared_from_this()](beast::error_code error, std::size_t) {
                         if (!error)
                           self->cdn.answer(self);
                       });
    }
    void write_after(std::chrono::milliseconds delay) {
      timer.expires_after(delay);
      timer.async_wait([self = shared_from_this()](beast::error_code) {
        http::async_write(self->stream, self->response,
                          [self](beast::error_code error, std::size_t) {
                            if (!error && self->response.keep_alive())
                              self->read();
                          });
      });
    }

    impl& cdn;
    beast::tcp_stream stream;
    asio::steady_timer timer;
    beast::flat_buffer buffer;
    http::request<http::empty_body> request;
    http::response<http::string_body> response;
  };

  void accept() {
    acceptor_.async_accept([this](beast::error_code error, tcp::socket socket) {
      if (!error)
        std::make_shared<session>(*this, std::move(socket))->read();
      accept();
    });
  }

  void answer(const std::shared_ptr<session>& to) {
    const std::string target{to->request.target()};
    const auto file = std::find_if(files_.begin(), files_.end(), [&](const demo_file& one) {
      return target.ends_with("/" + one.name);
    });
    to->response = {};
    to->response.version(11);
    to->response.keep_alive(to->request.keep_alive());
    if (file == files_.end()) {
      to->response.result(http::status::not_found);
      to->response.prepare_payload();
      to->write_after(pace_);
      return;
    }
    to->response.body() = file->bytes;
    const auto place = static_cast<std::size_t>(file - files_.begin());
    const bool blocks = file->name.ends_with(".blocks");
    const bool first_time = misbehaved_.insert(place).second;
    auto delay = pace_;
    if (blocks && first_time && place % stall_every == stall_every - 1) {
      delay = stall_duration;
      ++stalled_;
    } else if (blocks && first_time && place % lie_every == lie_every - 1) {
      to->response.body()[lie_at] ^= 1;
      ++lied_;
    } else if (blocks) {
      ++answered_;
      on_answer_();
    }
    to->response.prepare_payload();
    to->write_after(delay);
  }

  std::vector<demo_file> files_;
  std::chrono::milliseconds pace_;
  std::function<void()> on_answer_;
  std::set<std::size_t> misbehaved_;
  std::atomic<std::uint32_t> answered_{0};
  std::atomic<std::uint32_t> stalled_{0};
  std::atomic<std::uint32_t> lied_{0};
  asio::io_context context_{1};
  tcp::acceptor acceptor_;
  std::thread thread_;
};

demo_cdn::demo_cdn(std::vector<demo_file> files, std::chrono::milliseconds pace,
                   std::function<void()> on_answer)
    : impl_(std::make_unique<impl>(std::move(files), pace, std::move(on_answer))) {}

demo_cdn::~demo_cdn() = default;

std::string demo_cdn::url() const {
  return impl_->url();
}

demo_cdn_counts demo_cdn::counts() const {
  return impl_->counts();
}

} // namespace blockferry::runtime
