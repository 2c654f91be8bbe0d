//! Strongly connected components: R. Tarjan (1972), doi:10.1137/0201010, without recursion.

/// The component of each state, and the size of each component.
pub(super) fn components(arcs: &[Vec<(u32, u32)>]) -> (Vec<u32>, Vec<u32>) {
    const NEW: u32 = u32::MAX;
    let n = arcs.len();
    let (mut index, mut low, mut component) = (vec![NEW; n], vec![0_u32; n], vec![NEW; n]);
    let (mut sizes, mut stack, mut calls, mut next) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for root in 0..n {
        if index[root] != NEW {
            continue;
        }
        calls.push((root, 0));
        while let Some((state, arc)) = calls.pop() {
            if arc == 0 {
                (index[state], low[state]) = (next, next);
                next += 1;
                stack.push(state);
            }
            if let Some(&(head, _)) = arcs[state].get(arc) {
                let head = head as usize;
                calls.push((state, arc + 1));
                if index[head] == NEW {
                    calls.push((head, 0));
                } else if component[head] == NEW {
                    low[state] = low[state].min(index[head]);
                }
                continue;
            }
            if low[state] == index[state] {
                let mut size = 0;
                loop {
                    let member = stack.pop().expect("the state itself is on the stack");
                    component[member] = sizes.len() as u32;
                    size += 1;
                    if member == state {
                        break;
                    }
                }
                sizes.push(size);
            }
            if let Some(&(caller, _)) = calls.last() {
                low[caller] = low[caller].min(low[state]);
            }
        }
    }
    (component, sizes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_with_a_tail_has_two_components() {
        // 0 → 1 → 2 → 0, 2 → 3, 4 alone.
        let arcs = [vec![(1, 0)], vec![(2, 0)], vec![(0, 0), (3, 0)], vec![], vec![]];
        let (component, sizes) = components(&arcs);
        assert!(component[0] == component[1] && component[1] == component[2] && component[2] != component[3]);
        assert_eq!(sizes[component[0] as usize], 3);
        assert_eq!(sizes.iter().sum::<u32>(), 5);
    }
}
