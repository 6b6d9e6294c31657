#define BOOST_TEST_MODULE runtime_commands_tests
#include <boost/test/unit_test.hpp>
