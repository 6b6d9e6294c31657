#include "runtime/command_line.hpp"

#include "runtime/nearest_word.hpp"
#include "runtime/options/option_values.hpp"
#include "runtime/version.hpp"

#include <CLI/CLI.hpp>

#include <deque>

namespace blockferry::runtime {
namespace {

constexpr const char* description =
    "blockferry carries a blockchain from a CDN into one SQLite file, verifies every block on the\n"
    "way, and never leaves a broken store behind, however it is stopped.";

constexpr const char* footer = R"(
Every option may also stand in the environment (--give-up-after as BLOCKFERRY_GIVE_UP_AFTER) or in the
TOML file that --config or BLOCKFERRY_CONFIG names (give_up_after = "10m"); a flag wins over the
environment, the environment over the file. 'blockferry config show --origin' tells what holds and why.

Exit codes: 0 done or stopped clean, 1 other, 2 usage or configuration, 3 data failed a check, 4 the
network gave up, 5 storage, 9 disk full, 11 another node has the store, 130 interrupted.)";

/// What CLI11 fills, and what becomes of it.
class parser {
public:
  parser() : app_(description, "blockferry") {
    app_.footer(footer);
    app_.require_subcommand(1);
    app_.set_version_flag("--version", [] { return version_text(); });
    app_.get_formatter()->column_width(32);
    add_nodes();
    add_readers();
    add_others();
  }

  tl::expected<command_line, early_end> parse(int argc, const char* const* argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
      return end(app_.help(), exit_code::done);
    } catch (const CLI::CallForAllHelp&) {
      return end(app_.help("", CLI::AppFormatMode::All), exit_code::done);
    } catch (const CLI::CallForVersion& version) {
      return end(version.what() + std::string{"\n"}, exit_code::done);
    } catch (const CLI::ExtrasError& error) {
      return usage(error.what() + suggestion(argc, argv));
    } catch (const CLI::RequiredError& error) {
      return usage(error.what() + suggestion(argc, argv));
    } catch (const CLI::ParseError& error) {
      return usage(error.what());
    } catch (const failure& error) {
      return usage(error.message);
    }
    take_flags();
    return std::move(line_);
  }

private:
  struct flag {
    const option* what;
    std::vector<std::string> texts;
    CLI::App* on;
  };

  static tl::unexpected<early_end> end(std::string text, exit_code code) {
    return tl::make_unexpected(early_end{std::move(text), code});
  }
  static tl::unexpected<early_end> usage(const std::string& what) {
    return end(what + "\nRun with --help for what there is.\n", exit_code::usage);
  }

  CLI::App& add_command(const char* name, const char* what, command which, unsigned users) {
    CLI::App& out = *app_.add_subcommand(name, what);
    out.callback([this, which] { line_.what = which; });
    out.add_option("--config", line_.config_file, "TOML file with options")->type_name("FILE");
    for (const option& one : option_table())
      if ((one.users & users) != 0)
        add_flag(out, one);
    return out;
  }

  void add_flag(CLI::App& to, const option& one) {
    flag& slot = flags_.emplace_back(flag{&one, {}, &to});
    const std::string name = "--" + std::string{one.name};
    std::string help{one.help};
    if (!one.default_text.empty() && !one.value_name.empty())
      help += " [" + std::string{one.default_text} + "]";
    if (one.repeatable)
      help += " (repeatable)";
    if (one.value_name.empty()) {
      to.add_flag_function(
          name, [&slot](std::int64_t count) { slot.texts = {count > 0 ? "true" : "false"}; }, help);
      return;
    }
    to.add_option_function<std::vector<std::string>>(
          name, [&slot](const std::vector<std::string>& texts) { slot.texts = texts; }, help)
        ->type_name(std::string{one.value_name})
        ->expected(1)
        ->take_all()
        ->allow_extra_args(false);
  }

  void add_nodes() {
    add_command("sync", "Carry the chain to the CDN's tip, or to --until, and end", command::sync,
                carriers);
    add_command("run", "The same, then follow the tip until told to stop", command::run,
                carriers | followers);
  }

  void add_readers() {
    add_command("status", "What a store holds, and what the node on it does", command::status,
                readers | talkers);
    CLI::App& get =
        add_command("get", "One block, by height or hash", command::get, readers | talkers);
    get.add_option("block", line_.block, "height, or hash (ab1...)")
        ->required()
        ->type_name("H|HASH");
    get.add_flag("--raw", line_.raw, "its exact bytes");
    CLI::App& verify = add_command("verify", "Check every block, index and record again, offline",
                                   command::verify, readers | talkers | checkers);
    height_option(verify, "--from", line_.from, "first block to check");
    height_option(verify, "--to", line_.to, "last block to check, inclusive");
    verify
        .add_option_function<std::string>(
            "--level", [this](const std::string& text) { raise_to(text); },
            "raise the records to this level, with nothing fetched again")
        ->type_name("LEVEL");
    CLI::App& files = add_command("export", "The CDN's files byte for byte, or a start file",
                                  command::write_files, readers);
    files.add_option("--out", line_.out, "folder for the files and latest.json")->type_name("DIR");
    files.add_option("--state", line_.state, "start file to write, for --start-file")
        ->type_name("FILE");
  }

  void add_others() {
    CLI::App& config = *app_.add_subcommand("config", "Options: what holds, and why");
    config.require_subcommand(1);
    CLI::App& show = *config.add_subcommand("show", "Every option and its value, as a TOML file");
    show.callback([this] { line_.what = command::show_config; });
    show.add_flag("--origin", line_.origin, "and where each value came from");
    show.add_option("--config", line_.config_file, "TOML file with options")->type_name("FILE");
    for (const option& one : option_table())
      add_flag(show, one);
    config.add_subcommand("sample", "A configuration file with every option and its default")
        ->callback([this] { line_.what = command::show_sample; });
    app_.add_subcommand("demo",
                        "A sync that is stopped, killed and lied to, with a check at the end")
        ->callback([this] { line_.what = command::demo; });
  }

  static void height_option(CLI::App& to, const char* name, std::optional<height_t>& into,
                            const char* help) {
    to.add_option_function<std::string>(
          name,
          [&into, name](const std::string& text) {
            const auto height = parse_count(text, 0, limits::height_max);
            if (!height)
              throw failure{errc::invalid_argument, std::string{name} + ": " + height.error()};
            into = static_cast<height_t>(*height);
          },
          help)
        ->type_name("H");
  }

  void raise_to(const std::string& text) {
    const auto level = option_values::level_named(text);
    if (!level)
      throw failure{errc::invalid_argument, "--level: " + level.error()};
    line_.raise_to = *level;
  }

  void take_flags() {
    for (auto& one : flags_)
      if (!one.texts.empty())
        line_.flags[std::string{one.what->name}] = {std::move(one.texts),
                                                    "flag --" + std::string{one.what->name}};
  }

  /// For the first word that nothing expected.
  [[nodiscard]] std::string suggestion(int argc, const char* const* argv) const {
    std::vector<std::string> names;
    const CLI::App* app = &app_;
    while (!app->get_subcommands().empty())
      app = app->get_subcommands().front();
    for (const auto* one : app->get_options())
      for (const auto& name : one->get_lnames())
        names.push_back("--" + name);
    for (const auto* one : app->get_subcommands([](const CLI::App*) { return true; }))
      names.push_back(one->get_name());
    const std::vector<std::string_view> known{names.begin(), names.end()};
    for (int i = 1; i < argc; ++i) {
      const std::string_view word{argv[i]};
      const auto name = word.substr(0, word.find('='));
      if (std::find(known.begin(), known.end(), name) == known.end())
        if (auto near = did_you_mean(name, known); !near.empty())
          return near;
    }
    return {};
  }

  CLI::App app_;
  command_line line_;
  std::deque<flag> flags_; ///< CLI11 keeps references into it
};

} // namespace

tl::expected<command_line, early_end> parse_command_line(int argc, const char* const* argv) {
  return parser{}.parse(argc, argv);
}

} // namespace blockferry::runtime
