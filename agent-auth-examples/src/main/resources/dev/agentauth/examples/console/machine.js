// The registration's epoch, beside its state.

/** Shows the epoch in the state machine; the first is not worth a mark. */
export function epochIn(machine) {
  const [edge, mark, number] = ['#edge-epoch', '#epoch', '#epoch-number'].map(id => machine.querySelector(id));
  return (epoch, raised) => {
    mark.setAttribute('visibility', epoch > 0 ? 'visible' : 'hidden');
    number.textContent = `epoch ${epoch}`;
    if (raised) {
      edge.classList.add('taken');
    }
  };
}
