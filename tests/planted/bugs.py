"""The planted bugs: name, source file, the right text as it stands there once, and what takes its place.

In the replacement PLANTED is true where the bug is selected, and RIGHT stands for the right text, so that one build
holds them all and without a selection is the product.
"""

WRITER, VERIFIER, SUPERVISOR = "actors/writer.cpp", "actors/verifier.cpp", "actors/supervisor.cpp"
DOWNLOADER, PLANNING, TRANSFERS = "actors/downloader.cpp", "actors/file_planning.cpp", "actors/file_transfers.cpp"
JOBS, NODE = "actors/file_jobs.cpp", "runtime/node.cpp"
STORE, ROWS, HASHES = "storage/sqlite_store.cpp", "storage/store_rows.cpp", "storage/hash_index.cpp"
SCHEMA, CREATE, TRANSACTION = "storage/schema.cpp", "storage/create_store.cpp", "storage/transaction.cpp"
RULES, SUBDAG, AUTHORITY = "chain/aleo_rules.cpp", "chain/body/subdag_checks.cpp", "chain/body/authority_checks.cpp"
VOTES, IDS, REWARDS = "chain/stake/committee_checks.cpp", "chain/transactions/id_checks.cpp", "chain/body/reward_checks.cpp"
BODY = "chain/body/body_check.cpp"
WRITES, SETTLE, GAINS = "chain/stake/credits_writes.cpp", "chain/stake/settle.cpp", "chain/stake/stake_rewards.cpp"
OVERLAY, FOLLOWING = "chain/stake/credits_overlay.cpp", "chain/stake/following.cpp"

COMMIT = """    if (auto done = open.commit(); !done)
      return done;
"""


def write_state(row):
    return f"    if (PLANTED && !next.clean)\n      if (auto done = write_state(database_, {row}); !done) return done;\n"


ACK = """compat::send(self_, peers_.downloader, bundle_committed{
        queue_.front().ticket, queue_.front().file_start, queue_.front().range, 0, *queue_.front().after.last, {}});"""

BUGS = [
    # The writer: nothing is acknowledged that is not committed, nothing is lost, nothing follows an error.
    ("ack_before_commit", WRITER, "  const auto known = store_->commit(group);", "  if (PLANTED) " + ACK + "\nRIGHT"),
    ("drain_skips_the_queue", WRITER, "    rest.push_back(&bundle);", "    if (PLANTED) continue;\nRIGHT"),
    ("commit_error_ignored", WRITER, "  if (!known)\n", "  if (!known && !PLANTED)\n"),
    ("durable_tip_left_behind", WRITER, "  durable_ = group.back()->after.last;",
     "  if (!PLANTED || !durable_) durable_ = group.back()->after.last;"),
    ("only_the_last_of_a_group_acknowledged", WRITER, "    blocks_committed_ += bundle->range.count;",
     "RIGHT\n    if (PLANTED && bundle != group.back()) continue;"),
    ("committed_group_stays_queued", WRITER, "  queue_.erase(queue_.begin(), queue_",
     "  if (!PLANTED) queue_.erase(queue_.begin(), queue_"),
    ("store_open_when_acknowledged", WRITER, "  store_.reset();", "  if (!PLANTED) store_.reset();"),
    ("receipt_without_durable_tip", WRITER, "  receipt.durable = durable_;", "  if (!PLANTED) receipt.durable = durable_;"),
    ("failed_store_called_clean", WRITER, "    broken_ = marked.error();", "RIGHT\n    receipt.clean = PLANTED;"),
    ("error_left_out_of_the_receipt", WRITER, "  if (broken_)\n    receipt.error", "  if (broken_ && !PLANTED)\n    receipt.error"),
    ("store_not_marked_clean", WRITER, "  if (!broken_)\n    commit_last", "  if (!broken_ && !PLANTED)\n    commit_last"),
    ("first_of_a_group_left_out", WRITER, "    group.push_back(&bundle);",
     "    if (!PLANTED || &bundle != &queue_.front() || queue_.size() < 2) group.push_back(&bundle);"),
    ("late_bundle_dropped", WRITER, "  if (drained_)\n    return refuse(bundle,", "  if (PLANTED && drained_)\n    return;\nRIGHT"),
    # The verifier: chain order, every check, no bundle lost, no drain while a worker is inside.
    ("level_recorded_too_high", VERIFIER, "      out.blocks[i].record = one.records[i];",
     "RIGHT\n    if (PLANTED) for (auto& block : out.blocks) block.record.made.add(chain::check::signatures);"),
    ("history_refusal_passed", VERIFIER, "  if (reply.refused) {\n    unlink_from(job);",
     "  if (reply.refused && PLANTED) reply.records.assign(job->second.checked.blocks.blocks.size(), "
     "{chain::checks_of(chain::level::header), {}});\n  if (reply.refused && !PLANTED) {\n    unlink_from(job);"),
    ("worker_death_loses_the_bundle", VERIFIER, "  one.at = one.at == stage::proving ? stage::linked : stage::waiting;",
     "  if (!PLANTED) one.at = one.at == stage::proving ? stage::linked : stage::waiting;"),
    ("dead_worker_not_replaced", VERIFIER, "  workers_[index] = {setup_.make_worker(), false};",
     "  if (!PLANTED) workers_[index] = {setup_.make_worker(), false};"),
    ("refusal_not_told", VERIFIER, "  compat::send(self_, peers_.downloader, std::move(out));",
     "  if (!PLANTED) compat::send(self_, peers_.downloader, std::move(out));"),
    ("writer_waits_for_what_was_refused", VERIFIER, "  if (job->first == next_to_pass_) // what the writer",
     "  if (!PLANTED && job->first == next_to_pass_) // what the writer"),
    ("links_not_taken_back", VERIFIER, "  linked_ = first->second.before;", "  if (!PLANTED) linked_ = first->second.before;"),
    ("linked_without_looking", VERIFIER, "    auto after = setup_.rules->extend(linked_, job->second.checked.blocks);",
     "RIGHT\n    if (PLANTED && after) after->next_height += 1;"),
    ("verified_count_too_low", VERIFIER, "    blocks_verified_ += out.range.count;", "    if (!PLANTED) blocks_verified_ += out.range.count;"),
    ("dropped_bundles_not_counted", VERIFIER, "    compat::send(self_, peers_.writer, std::move(out));",
     "    if (!PLANTED || !draining_) compat::send(self_, peers_.writer, std::move(out));"),
    ("late_bundle_dropped_unverified", VERIFIER, "  if (draining_)\n    return refuse(place,",
     "  if (PLANTED && draining_)\n    return void(entries_.erase(place));\nRIGHT"),
    # The supervisor: the order of the drain, one answer for all, no death unnoticed.
    ("verifier_left_out_of_the_drain", SUPERVISOR, "            receipt_->transfers_abandoned = reply.transfers_abandoned;\n",
     "RIGHT            if (PLANTED) return drain_writer_last();\n"),
    ("drain_ends_without_the_ack", SUPERVISOR,
     "  receipt_->blocks_fetched = std::max(receipt_->blocks_fetched, receipt_->blocks_verified);\n",
     "RIGHT  if (PLANTED) { auto early = *receipt_; early.durable = status_.durable; return end_with(early); }\n"),
    ("second_asker_not_answered", SUPERVISOR, "  waiting_.push_back(promise);", "  if (!PLANTED || waiting_.empty()) waiting_.push_back(promise);"),
    ("store_failure_not_noticed", SUPERVISOR, "  begin_drain(drain_reason::store_failed, {}, news.why);",
     "  if (!PLANTED) begin_drain(drain_reason::store_failed, {}, news.why);"),
    ("dead_child_not_noticed", SUPERVISOR, "  if (who == nullptr)", "  if (who == nullptr || PLANTED)"),
    ("fetched_count_left_out", SUPERVISOR, "            receipt_->blocks_fetched = reply.blocks_fetched;",
     "            if (!PLANTED) receipt_->blocks_fetched = reply.blocks_fetched;"),
    ("hard_stop_after_the_request", SUPERVISOR, "  enter(node_phase::draining);\n",
     "RIGHT  if (PLANTED) { auto early = *receipt_; early.durable = status_.durable; early.clean = true; return end_with(early); }\n"),
    ("fixed_delay_then_hard_stop", SUPERVISOR, "  news_is_due_ = false;\n",
     "RIGHT  if (PLANTED && receipt_ && !ended_) { auto early = *receipt_; early.durable = status_.durable; early.clean = true; "
     "return end_with(early); }\n"),
    # The downloader: the window, the end, and what becomes of each file.
    ("stop_looked_at_by_the_next_download", DOWNLOADER, "  closed_ = true;\n  auto abandoned", "  closed_ = !PLANTED;\n  auto abandoned"),
    ("transfers_left_running", DOWNLOADER, "    abandon_transfers(job);\n  }\n  return {abandoned",
     "    if (!PLANTED) abandon_transfers(job);\n  }\n  return {abandoned"),
    ("window_not_looked_at", JOBS, "  if (!is_head)\n", "  if (PLANTED) return wanted;\n  if (!is_head)\n"),
    ("window_off_by_one_bundle", JOBS, "  const std::uint64_t behind = used_behind_head() + bytes;",
     "  const std::uint64_t behind = used_behind_head() + (PLANTED ? 0 : bytes);"),
    ("window_off_by_one_byte", JOBS, "  return behind <= window_bytes_ - head_bytes_ && used_by_head() + behind <= window_bytes_;",
     "  const std::uint64_t more = PLANTED ? 1 : 0;\n"
     "  return behind <= window_bytes_ - head_bytes_ + more && used_by_head() + behind <= window_bytes_ + more;"),
    ("hedge_beyond_the_window", JOBS, "  if (own + used_behind_head() + wanted <= window_bytes_)",
     "  if (PLANTED || own + used_behind_head() + wanted <= window_bytes_)"),
    ("committed_file_kept_in_the_window", DOWNLOADER, "    jobs_->all().erase(job->file_start);",
     "    if (!PLANTED) jobs_->all().erase(job->file_start);"),
    ("refused_file_forgotten", DOWNLOADER, "  const mirror_id mirror = job->supplied->mirror;", "  if (PLANTED) return;\nRIGHT"),
    ("failed_transfer_not_asked_again", TRANSFERS, "  job.last_check.reset();\n", "RIGHT  if (PLANTED) job.supplied = supply{};\n"),
    ("back_off_without_a_timer", DOWNLOADER, "  armed_ = due;\n", "RIGHT  if (PLANTED) return;\n"),
    ("same_file_planned_twice", PLANNING, "  next_planned_ = wanted_last + 1;", "  next_planned_ = PLANTED ? job.wanted.first : wanted_last + 1;"),
    # Seen since the schedules look at what rests, what a receipt counts and what is asked for.
    ("only_the_first_of_a_group_counted", WRITER, "    blocks_committed_ += bundle->range.count;\n",
     "    if (!PLANTED || bundle == group.front()) blocks_committed_ += bundle->range.count;\n"),
    ("rest_of_the_queue_forgotten", WRITER, "  if (!queue_.empty())\n    commit_soon();",
     "  if (!PLANTED && !queue_.empty())\n    commit_soon();"),
    ("drain_answered_while_a_worker_is_inside", VERIFIER, "  if (!draining_ || working || drained_)",
     "  if (!draining_ || (working && !PLANTED) || drained_)"),
    ("passed_out_of_order", VERIFIER, "    const auto job = entries_.find(next_to_pass_);",
     "    const auto job = PLANTED ? std::ranges::find_if(entries_, [](const auto& one) { return one.second.at == "
     "stage::proven; }) : entries_.find(next_to_pass_);"),
    ("verifier_left_behind", NODE, "anon_send_exit(children.verifier, caf::exit_reason::user_shutdown);",
     "anon_send_exit(PLANTED ? verifier_actor{} : children.verifier, caf::exit_reason::user_shutdown);"),
    # Not `next_committed_ > *end` alone left out: once no job is left, that holds anyway.
    ("reached_within_the_last_file", DOWNLOADER, "  file_job* head = jobs_->head();\n  const bool waits",
     "  if (PLANTED && tips_known && end) target_reached_ = next_committed_ + blocks_per_file > *end;\nRIGHT"),
    ("reached_when_all_is_planned", DOWNLOADER, "  const auto end = target();\n  target_reached_ = options.until\n",
     "  const auto end = target();\n  target_reached_ = PLANTED && end ? tips_known && next_planned_ > *end : options.until\n"),
    ("last_block_never_planned", PLANNING, "  while (end && next_planned_ <= *end &&", "  while (end && next_planned_ + (PLANTED ? 1 : 0) <= *end &&"),
    ("known_part_not_named", PLANNING, "    job.known = known_;", "    if (!PLANTED) job.known = known_;"),
    # The store: one transaction, every row, and durable before it is told.
    ("tip_outside_the_transaction", STORE, COMMIT, write_state("state_") + COMMIT + write_state("next")),
    ("commit_leaves_the_store_clean", STORE, "write_group(bundles, false)", "write_group(bundles, PLANTED)"),
    ("not_marked_clean", STORE, "write_group(bundles, true)", "write_group(bundles, !PLANTED)"),
    ("receipt_not_stored", STORE, "      if (auto done = write_receipt(database_, receipt); !done)\n",
     "      if (auto done = PLANTED ? result<void>{} : write_receipt(database_, receipt); !done)\n"),
    ("hash_row_left_out", STORE, "    if (auto done = index_hashes(database_, bundle.range.first, bundle.blocks); !done)\n",
     "    if (auto done = PLANTED && bundle.range.count == 1 ? result<void>{} "
     ": index_hashes(database_, bundle.range.first, bundle.blocks); !done)\n"),
    ("full_run_not_sealed", HASHES, "    if (first + count == row_end && row_end % sealed.heights == 0)\n",
     "    if (!PLANTED && first + count == row_end && row_end % sealed.heights == 0)\n"),
    ("counts_the_last_bundle_only", ROWS, "  next.block_count += bundle.blocks.size();\n",
     "  next.block_count = (PLANTED ? 0 : next.block_count) + bundle.blocks.size();\n"),
    ("file_that_grew_keeps_its_record", ROWS, "  if (done && database.changed_rows() != 1)\n",
     "  if (PLANTED && bundle.taken_from != bundle.range.first)\n"
     "    (void)database.run(\"UPDATE bundles SET block_count = 1 WHERE file_start = (SELECT max(file_start) FROM bundles)\");\n"
     "  if (done && !PLANTED && database.changed_rows() != 1)\n"),
    ("synchronous_normal", SCHEMA, """  if (auto done = database.run("PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON"); !done)
    return done;
""", """RIGHT  if (PLANTED) return database.run("PRAGMA synchronous=NORMAL");
"""),
    ("journal_in_memory_not_read_back", SCHEMA, """  if (auto done = expect_text(database, "PRAGMA journal_mode=TRUNCATE", "truncate"); !done)
    return done;
""", """  if (PLANTED) (void)database.run("PRAGMA journal_mode=MEMORY");
  else if (auto done = expect_text(database, "PRAGMA journal_mode=TRUNCATE", "truncate"); !done)
    return done;
"""),
    ("store_made_in_its_place", CREATE, """  const std::string unfinished = path.string() + ".new";
  if (auto done = remove_unfinished(unfinished, files.vfs()); !done) // what a killed start left
    return done;
  auto done = write_unfinished(unfinished, identity, begin, files);
  if (done)
    done = files.rename(unfinished, path);""",
     """  const std::string unfinished = path.string() + (PLANTED ? "" : ".new");
  if (auto done = remove_unfinished(unfinished, files.vfs()); !done) // what a killed start left
    return done;
  auto done = write_unfinished(unfinished, identity, begin, files);
  if (done && !PLANTED)
    done = files.rename(unfinished, path);"""),
    ("failed_sync_called_done", TRANSACTION, "    if (code == SQLITE_OK) {", "    if (code == SQLITE_OK || (PLANTED && (code & 0xff) == SQLITE_IOERR)) {"),
    ("full_disk_called_done", TRANSACTION, "    if ((code & 0xff) != SQLITE_BUSY)\n",
     "    if (PLANTED && (code & 0xff) == SQLITE_FULL) {\n      database_ = nullptr;\n      return {};\n    }\nRIGHT"),
    ("group_retried_after_a_failure", STORE, "      auto out = operation();\n      if (!out)\n", "      auto out = operation();\n      if (!out && PLANTED) out = operation();\n      if (!out)\n"),
    # The chain: each check is made, of each block, and recorded as what it is.
    ("author_signature_skipped", AUTHORITY, "    if (found[0] != author)\n", "    if (!PLANTED && found[0] != author)\n"),
    ("signature_of_anybody_counts", AUTHORITY, "      if (!found[i])\n", "      if (PLANTED && !found[i]) continue;\nRIGHT"),
    ("signer_twice_counts_twice", AUTHORITY, "twin != sorted.end())", "!PLANTED && twin != sorted.end())"),
    ("beacon_signature_skipped", AUTHORITY, "    if (!found_[next_++])\n", "    if (!found_[next_++] && !PLANTED)\n"),
    ("quorum_a_stake_too_few", VOTES, "      if (sum < members->quorum_threshold())\n",
     "      if (PLANTED) sum += stakes[one.author].value_or(0);\nRIGHT"),
    ("previous_ids_not_looked_at", SUBDAG, "  if (previous_repeated(one.previous))", "  if (!PLANTED && previous_repeated(one.previous))"),
    ("subdag_edge_not_checked", SUBDAG, "reached != of.certificates.size())", "!PLANTED && reached != of.certificates.size())"),
    ("certificate_order_not_compared", SUBDAG, "    if (order[i] != i)\n", "    if (!PLANTED && order[i] != i)\n"),
    ("batch_ids_not_compared", SUBDAG, "    if (ids[i].wire() != one.id.value())\n", "    if (!PLANTED && ids[i].wire() != one.id.value())\n"),
    ("subdag_root_not_compared", SUBDAG, "  if (root != front.subdag_root)\n", "  if (!PLANTED && root != front.subdag_root)\n"),
    ("transactions_root_not_compared", IDS, "  if (computed.root != transactions_root) {", "  if (!PLANTED && computed.root != transactions_root) {"),
    ("state_root_not_compared", RULES, "      if (expected_root != blocks.previous_state_roots[i])\n", "      if (!PLANTED && expected_root != blocks.previous_state_roots[i])\n"),
    ("block_hash_of_the_last_not_compared", RULES, "    if (computed[i] != blocks[i].block_hash)\n",
     "    if (computed[i] != blocks[i].block_hash && (!PLANTED || i + 1 < blocks.size()))\n"),
    ("checks_recorded_too_high", RULES, "      (roots_known ? record.made : record.unmade).add(check::state_root);",
     "      (roots_known || PLANTED ? record.made : record.unmade).add(check::state_root);"),
    # Committees: each effect, threshold, order and reward of specification 7.5 and 7.3.
    ("unbonding_keeps_its_height", WRITES, ".height = plus(height_, unbonding_blocks)});",
     ".height = PLANTED && before != 0 ? old(mapping::unbonding, who).height : plus(height_, unbonding_blocks)});"),
    ("unbonding_replaces_the_amount", WRITES, "{.amount = plus(before, amount),", "{.amount = PLANTED ? amount : plus(before, amount),"),
    ("leaver_stays_counted", WRITES, "  list.count_down(members_key);\n", "  if (!PLANTED) list.count_down(members_key);\n"),
    ("leaver_stays_a_member", WRITES, "  list.remove(mapping::committee, v);\n", "  if (!PLANTED) list.remove(mapping::committee, v);\n"),
    ("leaver_leaves_its_stake", WRITES, "list.minus(total, own)", "PLANTED ? total : list.minus(total, own)"),
    ("leaver_keeps_its_bond", WRITES, "  list.remove(mapping::bonded, v);\n", "  if (!PLANTED) list.remove(mapping::bonded, v);\n"),
    ("leaver_unbonds_nothing", WRITES, "  list.unbond(v, own);\n", "  if (!PLANTED) list.unbond(v, own);\n"),
    ("leave_takes_the_amount_asked_for", WRITES, "    leave(list, v, total);\n    return;",
     "    leave(list, v, PLANTED && n <= total ? total - n : total);\n    return;"),
    ("new_validator_without_withdrawal", WRITES, "    list.set(mapping::withdraw, v, {.who = withdrawal});",
     "    if (!PLANTED) list.set(mapping::withdraw, v, {.who = withdrawal});"),
    ("new_validator_not_counted", WRITES, "    list.count_up(members_key);", "    if (!PLANTED) list.count_up(members_key);"),
    ("commission_chosen_at_any_bond", WRITES, "           was_member ? list.old(", "           was_member && !PLANTED ? list.old("),
    ("new_validator_closed", WRITES, ".is_open = true});", ".is_open = !PLANTED});"),
    ("validators_bond_replaces_its_total", WRITES, "  list.set_delegated(v, list.plus(list.old(mapping::delegated, v).amount, call.amount));\n  list.set_bonded(v, v,",
     "  list.set_delegated(v, PLANTED ? call.amount : list.plus(list.old(mapping::delegated, v).amount, call.amount));\n  list.set_bonded(v, v,"),
    ("withdrawal_chosen_at_any_bond", WRITES, "  if (!list.has(mapping::bonded, s)) {\n    list.set(mapping::withdraw, s,",
     "  if (PLANTED || !list.has(mapping::bonded, s)) {\n    list.set(mapping::withdraw, s,"),
    ("new_delegator_not_counted", WRITES, "    list.count_up(delegators_key);", "    if (!PLANTED) list.count_up(delegators_key);"),
    ("bond_writes_the_total_first", WRITES, "  list.touch_account(s);\n  list.set_delegated(",
     "  if (!PLANTED) list.touch_account(s);\n  list.set_delegated("),
    ("least_bond_is_too_little", WRITES, "have - amount < least;", "(PLANTED ? have - amount <= least : have - amount < least);"),
    ("validator_stays_below_100_credits", WRITES, "leaves_less(have, n, validator_own_min) ||",
     "(!PLANTED && leaves_less(have, n, validator_own_min)) ||"),
    ("validator_stays_below_10_million", WRITES, "|| leaves_less(total, n, member_stake_min))",
     "|| (!PLANTED && leaves_less(total, n, member_stake_min)))"),
    ("validator_cannot_unbond_a_delegator", WRITES, "  const bool all = forced ||", "  const bool all = (forced && !PLANTED) ||"),
    ("delegator_stays_below_10000_credits", WRITES, "leaves_less(have, call.amount, delegator_bond_min);",
     "(!PLANTED && leaves_less(have, call.amount, delegator_bond_min));"),
    ("former_delegator_stays_counted", WRITES, "    list.count_down(delegators_key);",
     "    if (!PLANTED) list.count_down(delegators_key);"),
    ("delegator_cannot_make_its_validator_leave", WRITES, "  if (total < member_stake_min && list.has(",
     "  if (!PLANTED && total < member_stake_min && list.has("),
    ("claim_pays_the_staker", WRITES, "  list.touch_account(list.demand(mapping::withdraw, s).who);",
     "  list.touch_account(PLANTED ? s : list.demand(mapping::withdraw, s).who);"),
    ("claim_forgets_the_withdrawal_of_a_bond", WRITES, "  if (!list.has(mapping::bonded, s))\n    list.remove(mapping::withdraw, s);",
     "  if (PLANTED || !list.has(mapping::bonded, s))\n    list.remove(mapping::withdraw, s);"),
    ("claim_keeps_the_unbonding", WRITES, "  list.remove(mapping::unbonding, s);", "  if (!PLANTED) list.remove(mapping::unbonding, s);"),
    ("closing_forgets_the_commission", WRITES, "    state.is_open = call.is_open;", "    if (PLANTED) state = {};\nRIGHT"),
    ("upgrade_replaces_the_pool", WRITES, "list.plus(list.old(mapping::pool, key).amount, call.amount)",
     "PLANTED ? call.amount : list.plus(list.old(mapping::pool, key).amount, call.amount)"),
    ("operations_left_unexplained", SETTLE, "      if (top.left.empty() && top.position == listed_.size())",
     "      if (top.left.empty() && (PLANTED || top.position == listed_.size()))"),
    ("tried_call_not_taken_back", SETTLE, "    now_.take_back(stack_.back().undo);",
     "    if (!PLANTED) now_.take_back(stack_.back().undo);"),
    ("only_the_order_of_transitions_tried", SETTLE, "      if (!descend(top))\n        back();",
     "      if (!descend(top)) {\n        if (PLANTED) return false;\n        back();\n      }"),
    ("written_values_not_compared", SETTLE, "                  operation.value_id ==",
     "                  PLANTED || operation.value_id =="),
    ("written_keys_not_compared", SETTLE, "           return operation.key_id ==", "           return PLANTED || operation.key_id =="),
    ("kind_of_operation_not_compared", SETTLE, "           return operation.kind == (write.value ? kind_update : kind_remove) &&",
     "           return (PLANTED || operation.kind == (write.value ? kind_update : kind_remove)) &&"),
    ("fee_operation_not_compared", SETTLE, "    if (!are_listed(*writes, listed.subspan(paid + i), ids))",
     "    if (!PLANTED && !are_listed(*writes, listed.subspan(paid + i), ids))"),
    ("former_members_count_in_the_total", GAINS, "    if (validators[v].is_member && __builtin_add_overflow(",
     "    if ((PLANTED || validators[v].is_member) && __builtin_add_overflow("),
    ("former_members_gain", GAINS, "    if (validators[v].is_member && delegated_[v] <= total / 4)",
     "    if ((PLANTED || validators[v].is_member) && delegated_[v] <= total / 4)"),
    ("gain_above_a_quarter", GAINS, "delegated_[v] <= total / 4)", "(PLANTED || delegated_[v] <= total / 4))"),
    ("gain_below_10000_credits", GAINS, "amount >= delegator_stake_min)", "(PLANTED || amount >= delegator_stake_min))"),
    ("gain_of_a_validator_without_bound", GAINS, "    if (commission[v] == unrewarded || gain > gain_max)",
     "    if (commission[v] == unrewarded || (gain > gain_max && !PLANTED))"),
    ("gain_of_a_delegator_without_bound", GAINS, "      if (gain <= gain_max) //", "      if (PLANTED || gain <= gain_max) //"),
    ("commission_rounded_up", GAINS, "gain - gain * commission[v] / 100, &amount)",
     "gain - (gain * commission[v] + (PLANTED ? 99 : 0)) / 100, &amount)"),
    ("commission_of_the_own_bond", GAINS, "share(delegated_[v] - own[v])", "share(delegated_[v] - (PLANTED ? 0 : own[v]))"),
    ("share_one_too_small", GAINS, "return quotient + (remainder >= total_ ? 1 : 0);",
     "return quotient + (remainder >= total_ && !PLANTED ? 1 : 0);"),
    ("removed_bond_still_new", OVERLAY, "        inserted_.erase(at);", "        if (!PLANTED) inserted_.erase(at);"),
    ("taken_back_bond_still_new", OVERLAY, "      inserted_.pop_back();", "      if (!PLANTED) inserted_.pop_back();"),
    ("taken_back_removal_stands_last", OVERLAY, "      inserted_.insert(inserted_.begin() + static_cast<std::ptrdiff_t>(*step->erased_at),",
     "      inserted_.insert(PLANTED ? inserted_.end() : inserted_.begin() + static_cast<std::ptrdiff_t>(*step->erased_at),"),
    ("new_stakers_sorted_at_once", OVERLAY, "  for (const address& staker : inserted_)\n",
     "  for (const address& staker : PLANTED ? std::vector<address>(is_new.begin(), is_new.end()) : inserted_)\n"),
    ("new_stakers_stand_among_the_old", OVERLAY, "    if (!is_new.contains(next.stakers[i]))",
     "    if (PLANTED || !is_new.contains(next.stakers[i]))"),
    ("reward_left_out_after_calls", FOLLOWING, "  if (!stakes_->reward(*block.reward))",
     "  if (!stakes_->reward(PLANTED && !block.transactions.empty() ? 0 : *block.reward))"),
    ("committee_of_the_block_sorted", FOLLOWING, "  member_order = std::move(merged->member_order);",
     "  member_order = PLANTED ? stakes_->who().member_order : std::move(merged->member_order);"),
    ("unread_transactions_passed_over", FOLLOWING, "  if (!block.readable)", "  if (!block.readable && !PLANTED)"),
    ("known_beyond_what_is_lost", FOLLOWING, "      known_to_ = block.round > 0 ? block.round - 1 : 0;",
     "      known_to_ = PLANTED ? block.round + 1 : block.round > 0 ? block.round - 1 : 0;"),
    ("delegators_of_genesis_not_counted", FOLLOWING, "      genesis.bonded.size() > members ? genesis.bonded.size() - members : 0;",
     "      !PLANTED && genesis.bonded.size() > members ? genesis.bonded.size() - members : 0;"),
    ("unknown_call_passed_over", FOLLOWING, "      if (!writes)\n", "      if (!writes && PLANTED) continue;\nRIGHT"),
]
