// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title HostileToken
/// @notice A token of any decimals that misbehaves as anybody tells it. Anybody mints. Plain until told otherwise.
contract HostileToken is ERC20 {
    enum Mood {
        Plain,
        ReturnsNothing,
        ReturnsFalse,
        Lies,
        ReturnsBomb,
        Pauses
    }

    /// @dev Bytes of an answer that takes some 80,000 gas to make, and as much to copy.
    uint256 private constant BOMB = 180_000;

    uint8 private immutable _decimals;

    Mood public mood;
    /// @notice Burnt of every transfer, in bps: of what arrives, and from who sends, on top.
    uint16 public feeBps;
    uint16 public feeOnTopBps;
    /// @notice Neither sends nor receives.
    mapping(address account => bool) public isBlocked;
    /// @notice Every transfer to the diner, or to anybody where that is zero, burns so much gas; all for the largest number.
    address public diner;
    uint256 public appetite;
    /// @notice Is called when it receives, and can refuse.
    address public listener;
    /// @notice Is called with the data in every transfer, once each; the outcome is kept.
    address public target;
    bytes public data;
    uint256 public calls;
    bool public lastSucceeded;
    bytes public lastResult;
    bool private _isCalling;

    error HostileTokenPaused();
    error HostileTokenBlocked(address account);

    constructor(uint8 decimals_) ERC20("Hostile", "HOST") {
        _decimals = decimals_;
    }

    // ── how to behave ───────────────────────────────────────────────────────────────────────────────────────────

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function setMood(Mood newMood) external {
        mood = newMood;
    }

    function setFee(uint16 newFeeBps) external {
        feeBps = newFeeBps;
    }

    function setFeeOnTop(uint16 newFeeBps) external {
        feeOnTopBps = newFeeBps;
    }

    function setBlocked(address account, bool blocked) external {
        isBlocked[account] = blocked;
    }

    function setAppetite(address newDiner, uint256 gasUnits) external {
        (diner, appetite) = (newDiner, gasUnits);
    }

    function setListener(address account) external {
        listener = account;
    }

    /// @notice Sets whom to call with what; the zero target calls nobody.
    function setCall(address newTarget, bytes calldata newData) external {
        (target, data) = (newTarget, newData);
    }

    /// @notice Makes an account's balance another.
    function rebase(address account, uint256 newBalance) external {
        uint256 held = balanceOf(account);
        if (newBalance > held) _mint(account, newBalance - held);
        else _burn(account, held - newBalance);
    }

    // ── a token ─────────────────────────────────────────────────────────────────────────────────────────────────

    function transfer(address to, uint256 amount) public override returns (bool) {
        return _isMoving() ? _told(super.transfer(to, amount)) : mood == Mood.Lies;
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        return _isMoving() ? _told(super.transferFrom(from, to, amount)) : mood == Mood.Lies;
    }

    function decimals() public view override returns (uint8) {
        return _decimals;
    }

    /// @dev A bomb begins with what colours a terminal red.
    function symbol() public view override returns (string memory) {
        return mood == Mood.ReturnsBomb ? string(abi.encodePacked("\x1b[31m", new bytes(BOMB))) : super.symbol();
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (from == address(0) || to == address(0)) return super._update(from, to, amount);
        require(mood != Mood.Pauses, HostileTokenPaused());
        require(!isBlocked[from], HostileTokenBlocked(from));
        require(!isBlocked[to], HostileTokenBlocked(to));
        if (feeOnTopBps != 0) super._update(from, address(0), amount * feeOnTopBps / 10_000);
        uint256 fee = amount * feeBps / 10_000;
        if (fee != 0) super._update(from, address(0), fee);
        super._update(from, to, amount - fee);
        if (appetite != 0 && (diner == address(0) || diner == to)) _burnGas();
        if (to == listener && to.code.length != 0) _tell(to, amount);
        if (target != address(0) && !_isCalling) _reenter();
    }

    function _burnGas() private view {
        // solhint-disable-next-line no-inline-assembly
        if (appetite == type(uint256).max) assembly ("memory-safe") {
            invalid()
        }
        uint256 start = gasleft();
        while (start - gasleft() < appetite) {}
    }

    /// @dev As naive as can be: copies whatever it is answered.
    function _tell(address to, uint256 amount) private {
        (bool hasTaken, bytes memory answer) = to.call(abi.encodeWithSignature("tokensReceived(uint256)", amount));
        // solhint-disable-next-line no-inline-assembly
        if (!hasTaken) assembly ("memory-safe") {
            revert(add(answer, 32), mload(answer))
        }
    }

    function _reenter() private {
        _isCalling = true;
        calls += 1;
        (lastSucceeded, lastResult) = target.call(data);
        _isCalling = false;
    }

    function _isMoving() private view returns (bool) {
        return mood != Mood.ReturnsFalse && mood != Mood.Lies;
    }

    /// @dev The answer of a transfer that happened.
    function _told(bool done) private view returns (bool) {
        // solhint-disable-next-line no-inline-assembly
        if (mood == Mood.ReturnsNothing) assembly ("memory-safe") {
            return(0, 0)
        }
        // solhint-disable-next-line no-inline-assembly
        if (mood == Mood.ReturnsBomb) assembly ("memory-safe") {
            mstore(0, 1)
            return(0, BOMB)
        }
        return done;
    }
}
