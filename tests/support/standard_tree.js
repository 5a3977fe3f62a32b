// Reads {"values": [[index, account, amount], …], "dump": a tree of ours} from stdin; answers what
// OpenZeppelin's package makes of both.
const { StandardMerkleTree } = require("@openzeppelin/merkle-tree");

const order = JSON.parse(require("fs").readFileSync(0, "utf8"));
const answers = order.map(({ values, dump }) => {
  const tree = StandardMerkleTree.of(values, ["uint256", "address", "uint256"]);
  const ours = StandardMerkleTree.load(dump);
  ours.validate();
  return {
    dump: tree.dump(),
    proofs: values.map((_, place) => tree.getProof(place)),
    loaded: ours.root,
  };
});
console.log(JSON.stringify(answers));
