// Passkeys: the browser's own dialogue, between our form and the key. The form stays hidden where
// a browser has no keys; every other way to sign in works without this file.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const withBytes = (keys) => (keys ?? []).map((key) => ({ ...key, id: bytes(key.id) }));

async function optionsOf(form) {
  if (!form.dataset.parvisOptionsUrl) return JSON.parse(document.getElementById(form.dataset.parvisOptions).textContent);
  const headers = { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" };
  const answer = await fetch(form.dataset.parvisOptionsUrl, { headers });
  if (!answer.ok) throw new Error(`options: ${answer.status}`);
  return answer.json();
}

async function create(form) {
  const options = (await optionsOf(form)).creation_options.publicKey;
  const alone = form.elements.passwordless?.checked ?? false;
  const authenticatorSelection = { ...options.authenticatorSelection, residentKey: alone ? "required" : "discouraged", requireResidentKey: alone };
  if (alone) authenticatorSelection.userVerification = "required";
  const user = { ...options.user, id: bytes(options.user.id) };
  const excludeCredentials = withBytes(options.excludeCredentials);
  const publicKey = { ...options, authenticatorSelection, user, excludeCredentials, challenge: bytes(options.challenge) };
  return navigator.credentials.create({ publicKey });
}

async function get(form) {
  const options = (await optionsOf(form)).request_options.publicKey;
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: withBytes(options.allowCredentials) };
  return navigator.credentials.get({ publicKey });
}

function asText(key) {
  const response = { clientDataJSON: text(key.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (key.response[name]) response[name] = text(key.response[name]);
  }
  if (key.response.getTransports) response.transports = key.response.getTransports();
  const { id, type, authenticatorAttachment } = key;
  return JSON.stringify({ id, type, authenticatorAttachment, rawId: text(key.rawId), response, clientExtensionResults: key.getClientExtensionResults() });
}

async function answer(form) {
  const error = form.querySelector("[data-parvis-passkey-error]");
  error.textContent = "";
  try {
    const key = await (form.dataset.parvisPasskey === "create" ? create(form) : get(form));
    form.elements.credential.value = asText(key);
    form.requestSubmit();
  } catch (problem) {
    error.textContent = error.dataset.text;
    console.warn(problem);
  }
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-parvis-passkey]")) {
    form.hidden = false;
    form.querySelector("[data-parvis-passkey-go]").addEventListener("click", () => answer(form));
  }
}
