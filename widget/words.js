// The widget's own words; those of the answers come from the server. {…} are filled in.

const WORDS = {
  title: "VCF guideline assistant",
  notice:
    "For clinicians. Published appropriateness ratings with their sources; supports and does not replace clinical " +
    "judgment; no medical device. Do not enter names or other patient identifiers.",
  try_example: "Try an example",
  example:
    "72F, breast cancer 2014. Back pain for 2 weeks, worse standing. X-ray: new T8 compression fracture. " +
    "Neuro intact. Which imaging next?",
  conversation: "Conversation",
  case: "Case",
  case_understood: "Case as understood",
  new_patient: "New patient",
  your_message: "Your message",
  placeholder: "Describe the case in your own words",
  send: "Send",
  too_long: "{count} characters: shorten it to {limit}, nothing is cut or sent.",
  you: "You",
  assistant: "Assistant",
  replies: "Replies",
  reading: "Reading …",
  not_sent: "Not sent. {reason}",
  send_again: "Send again",
  try_again: "Try again",
  copy_note: "Copy as note",
  ask_note: "Summarize for the chart",
  copied: "Copied.",
  not_copied: "Not copied: {reason}",
  no_note: "there is no note in this answer.",
  print: "Print",
  no_connection: "No connection.",
  trying_again: "{problem} Trying again …",
  unreachable: "The server cannot be reached.",
  status: "The server answered with status {status}.",
  left: "This conversation was left.",
  elsewhere: "This patient's conversation is open in another tab. Here begins another patient.",
  ended: "The last session has ended. Its conversation is not shown any more.",
  nothing_yet: "Nothing yet.",
  still_open: "Still open",
  stated: "stated",
  answered: "answered",
  implied: "follows",
  assumed: "ASSUMED",
  not_known: "not known",
  not_given: "not given",
  set: "Set",
  change: "Change: {label}",
  choose: "Choose …",
  chosen: "{label}: {value}",
  stop: "STOP: {title}",
  raised_by: "Raised by: {words}",
  all_steps: "All steps are in the answer. Only an explicit correction takes this back.",
  branch: "If {label}",
  branch_stop: "If {label}: STOP",
  assumed_facts: "Assumed, tell me if not so",
  sources: "Sources",
  procedure: "Procedure",
  radiation: "Adult radiation",
  no_radiation: "none (O)",
  now: "Now",
  then: "If so",
};

/** A text of the widget, with `values` filled in. */
export function say(name, values = {}) {
  return WORDS[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
}

/** The sign that ends a title; nothing if it has one of its own: "How fast does radiation work?". */
export function ending(title, sign) {
  return /[.?!:]$/.test(title) ? "" : sign;
}
