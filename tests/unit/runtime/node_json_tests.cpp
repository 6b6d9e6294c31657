#include "runtime/node_json.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

namespace blockferry::runtime {

BOOST_AUTO_TEST_SUITE(node_json_tests)

BOOST_AUTO_TEST_CASE(what_is_unknown_is_null_and_never_left_out) {
  const auto json = node_status_json(node_status{});
  for (const char* member : {"height", "hash", "target", "blocks_per_second", "bytes_per_second",
                             "eta_seconds", "stalled"}) {
    BOOST_REQUIRE_MESSAGE(json.contains(member), member);
    BOOST_TEST(json[member].is_null(), member);
  }
  BOOST_TEST(json["state"] == "starting");
  BOOST_TEST(json["committed"] == 0);
}

BOOST_AUTO_TEST_CASE(hashes_have_the_chains_own_form) {
  drain_receipt receipt;
  receipt.durable = chain::tip{7, chain::hash{}};
  const auto json = receipt_json(receipt);
  BOOST_TEST(json["height"] == 7);
  BOOST_TEST(json["hash"].get<std::string>().starts_with("ab1"));
}

BOOST_AUTO_TEST_CASE(a_stall_names_file_url_and_check) {
  node_status status;
  status.stalled =
      stall{{errc::bundle_check_failed, "no"},
            150,
            "http://mirror",
            chain::check_failure{chain::failure_kind::refused, chain::check::previous_hash, 151, 12,
                                 "ab1x", "ab1y", "why"}};
  const auto json = node_status_json(status)["stalled"];
  BOOST_TEST(json["file_start"] == 150);
  BOOST_TEST(json["url"] == "http://mirror");
  BOOST_TEST(json["code"] == "bundle_check_failed");
  BOOST_TEST(json["check"]["check"] == "previous_hash");
  BOOST_TEST(json["check"]["height"] == 151);
}

BOOST_AUTO_TEST_CASE(committees_are_null_until_they_are_told) {
  node_status status;
  BOOST_TEST(node_status_json(status)["committees"].is_null());
  status.committees = committees_status{committees_known::unknown, "lost at 7"};
  BOOST_TEST(node_status_json(status)["committees"]["state"] == "unknown");
  BOOST_TEST(node_status_json(status)["committees"]["reason"] == "lost at 7");
  status.committees = committees_status{};
  BOOST_TEST(node_status_json(status)["committees"]["state"] == "not_followed");
  BOOST_TEST(node_status_json(status)["committees"]["reason"].is_null());
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_text_stay_one_valid_line) {
  node_status status;
  status.mirrors.push_back({});
  status.mirrors.back().reason = "line\nfeed \xff\xfe";
  const auto line = one_line(node_status_json(status));
  BOOST_TEST(line.find('\n') == std::string::npos);
  BOOST_TEST(!nlohmann::json::parse(line).is_discarded());
}

BOOST_AUTO_TEST_CASE(the_receipt_for_people_names_height_reason_and_error) {
  drain_receipt receipt;
  receipt.durable = chain::tip{1059, chain::hash{}};
  receipt.reason = drain_reason::signal;
  receipt.detail = "SIGTERM";
  receipt.clean = false;
  receipt.error = failure{errc::store_full, "the disk is full"};
  const auto text = receipt_text(receipt);
  for (const char* part :
       {"1059", "ab1", "signal (SIGTERM)", "not marked clean", "store_full: the disk is full"})
    BOOST_TEST(text.find(part) != std::string::npos, part);
  BOOST_TEST(text.find("next") == std::string::npos);
  for (const auto reason : {drain_reason::gave_up, drain_reason::data_refused}) {
    receipt.reason = reason;
    BOOST_TEST(receipt_text(receipt).find("  next       ") != std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blockferry::runtime
