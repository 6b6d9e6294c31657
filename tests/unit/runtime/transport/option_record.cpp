#include "tests/unit/runtime/transport/option_record.hpp"

#include <cstdarg>
#include <curl/curl.h>
#include <dlfcn.h>
#include <map>
#include <mutex>

#undef curl_easy_setopt
#undef curl_multi_setopt

namespace blockferry::runtime {
namespace {

using values = std::map<int, option_value>;

struct record {
  std::mutex mutex;
  values easy;
  values multi;
};

/// Never destroyed: a transport may outlive `main`'s end.
record& all() {
  static auto& one = *new record;
  return one;
}

std::optional<option_value> last_of(const values& from, int option) {
  const std::lock_guard lock{all().mutex};
  const auto found = from.find(option);
  return found == from.end() ? std::nullopt : std::optional{found->second};
}

/// libcurl itself says which options take a text.
bool takes_text(int option) {
  const curl_easyoption* about = curl_easy_option_by_id(static_cast<CURLoption>(option));
  return about != nullptr && about->type == CURLOT_STRING;
}

} // namespace

void forget_options() {
  const std::lock_guard lock{all().mutex};
  all().easy.clear();
  all().multi.clear();
}

std::optional<option_value> easy_option(int option) {
  return last_of(all().easy, option);
}

std::optional<option_value> multi_option(int option) {
  return last_of(all().multi, option);
}

} // namespace blockferry::runtime

// Numbers, pointers and curl_off_t are all of one machine word here, and are passed alike.
static_assert(sizeof(long) == sizeof(void*) && sizeof(curl_off_t) == sizeof(void*));

// libcurl's symbols under names of our own, with an `int`: va_start takes no enumeration.
extern "C" CURLcode record_easy_option(CURL* handle, int option, ...) __asm__("curl_easy_setopt");
extern "C" CURLMcode record_multi_option(CURLM* handle, int option,
                                         ...) __asm__("curl_multi_setopt");

extern "C" CURLcode record_easy_option(CURL* handle, int option, ...) {
  using namespace blockferry::runtime;
  static const auto real =
      reinterpret_cast<CURLcode (*)(CURL*, CURLoption, ...)>(dlsym(RTLD_NEXT, "curl_easy_setopt"));
  va_list rest;
  va_start(rest, option);
  void* const value = va_arg(rest, void*);
  va_end(rest);
  option_value kept{reinterpret_cast<std::uintptr_t>(value), {}};
  if (takes_text(option) && value != nullptr)
    kept.text = static_cast<const char*>(value);
  {
    const std::lock_guard lock{all().mutex};
    all().easy[option] = std::move(kept);
  }
  return real(handle, static_cast<CURLoption>(option), value);
}

extern "C" CURLMcode record_multi_option(CURLM* handle, int option, ...) {
  using namespace blockferry::runtime;
  static const auto real = reinterpret_cast<CURLMcode (*)(CURLM*, CURLMoption, ...)>(
      dlsym(RTLD_NEXT, "curl_multi_setopt"));
  va_list rest;
  va_start(rest, option);
  void* const value = va_arg(rest, void*);
  va_end(rest);
  {
    const std::lock_guard lock{all().mutex};
    all().multi[option] = {reinterpret_cast<std::uintptr_t>(value), {}};
  }
  return real(handle, static_cast<CURLMoption>(option), value);
}
