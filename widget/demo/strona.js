// The demonstration page: pick a sandbox patient, get a token as a portal would, talk.
"use strict";

const chat = document.createElement("asystent-czat");
const list = document.querySelector("#patients");
const who = document.querySelector("#who");
const problem = document.querySelector("#problem");
const REMEMBERED = "demo-patient";
const NOBODY = { key: "", name: "Bez logowania", description: "Informacje i pilna pomoc, bez dostępu do wizyt" };

async function ask(path, init) {
  const answer = await fetch(path, init);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

async function tokenOf(key) {
  const body = JSON.stringify({ patient: key });
  const headers = { "content-type": "application/json" };
  return (await ask("/demo/token", { method: "POST", headers, body })).token;
}

function become(patient) {
  sessionStorage.setItem(REMEMBERED, patient.key);
  chat.tokenProvider = patient.key ? () => tokenOf(patient.key) : null;
  who.textContent = patient.key ? `Zalogowano: ${patient.name}` : "Osoba niezalogowana";
  for (const button of list.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.dataset.key === patient.key));
  }
}

function tile(patient) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.key = patient.key;
  const name = document.createElement("strong");
  name.textContent = patient.name;
  const description = document.createElement("span");
  description.textContent = patient.description;
  button.append(name, description);
  button.addEventListener("click", () => {
    become(patient);
    chat.restart();
  });
  const item = document.createElement("li");
  item.append(button);
  return item;
}

async function start() {
  let patients = [];
  try {
    const { items } = await ask("/demo/patients");
    patients = items.map((item) => ({
      key: item.key,
      name: `${item.first_name} ${item.last_name}`,
      description: item.shows,
    }));
  } catch {
    problem.textContent = "Nie udało się pobrać listy pacjentów. Można rozmawiać bez logowania.";
  }
  const all = [NOBODY, ...patients];
  list.replaceChildren(...all.map(tile));
  const remembered = all.find((patient) => patient.key === sessionStorage.getItem(REMEMBERED)) ?? NOBODY;
  become(remembered);
  document.body.append(chat);
}

start();
