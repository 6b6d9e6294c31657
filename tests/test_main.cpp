#define BOOST_TEST_MODULE blockferry
#include <boost/test/unit_test.hpp>
