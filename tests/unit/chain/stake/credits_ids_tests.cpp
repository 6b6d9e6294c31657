#include "../number.hpp"

#include "chain/stake/credits_ids.hpp"

#include <boost/test/unit_test.hpp>

using namespace blockferry;
using namespace blockferry::chain::stake;

namespace {

chain::hash number(const char* decimal) {
  return chain::tests::decimal(decimal).wire();
}

} // namespace

BOOST_AUTO_TEST_SUITE(credits_ids_tests)

// Goal: ids of operations as snarkVM makes them (specification 11).
BOOST_AUTO_TEST_CASE(operations_have_the_ids_of_the_specification) {
  const auto staker =
      number("5207656111598573861982299963046710270370575834173243564361308948293241344826");
  const auto validator =
      number("579636212818736272467813644268342864606694643566551367296359237898630359206");
  const auto holds = [](mapping which, const address& key, const credits_value& value,
                        const char* mapping_wanted, const char* key_wanted,
                        const char* value_wanted) {
    BOOST_TEST((mapping_id(which) == number(mapping_wanted)));
    BOOST_TEST((key_id(which, key) == number(key_wanted)));
    BOOST_TEST((value_id(which, key_id(which, key), value) == number(value_wanted)));
  };
  holds(mapping::unbonding, staker, {.amount = 40000000000, .height = 444},
        "1952260669325384329073175897744969136180521657598089145662491410577553302981",
        "3239491568648905893500784382130353693469225772099048058794019005923138255239",
        "3694578076426565253563350703625922593530605675746134718189015522347535997514");
  holds(mapping::committee, validator, {.commission = 17, .is_open = true},
        "847568715299960653436760989947413242726400486882361836045799559211739327523",
        "2032525235488548575895549419807200693565419288311242848371383663609537730431",
        "3759457072965916899410381057153113803254663566604298277724844230186405493973");
  holds(mapping::bonded, validator, {.who = validator, .amount = 11000000000000},
        "6332256385924860279930800879092065315790767589895395463287758454926222149427",
        "1269552037038264943531554434419936017730525298934046086997385531613719527000",
        "4459769777538407617400890669189061183564808571031259692614480979762005883235");
}

BOOST_AUTO_TEST_CASE(mappings_are_found_by_their_ids) {
  for (std::size_t i = 0; i < mapping_count; ++i)
    BOOST_TEST((mapping_of(mapping_id(static_cast<mapping>(i))) == static_cast<mapping>(i)));
  BOOST_TEST(!mapping_of(chain::hash{}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
