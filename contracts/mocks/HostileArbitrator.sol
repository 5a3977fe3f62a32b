// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IArbitrable} from "@kleros/erc-792/contracts/IArbitrable.sol";
import {IArbitrator} from "@kleros/erc-792/contracts/IArbitrator.sol";

import {IArbitrationTime, IJurorShares} from "../../interfaces/IJury.sol";

/// @title HostileArbitrator
/// @notice Anybody makes it rule, or misbehave: in opening disputes, in ruling, in what it tells of rulings and jurors.
contract HostileArbitrator is IArbitrator, IArbitrationTime, IJurorShares {
    enum Telling {
        Plainly,
        Reverting,
        BurningGas,
        SayingNothing,
        SayingTooMuch
    }

    struct Share {
        uint256 start;
        uint256 end;
    }

    uint256 public cost;
    uint256 public nextID;
    bool public isRefusing;
    Telling public telling;
    /// @inheritdoc IArbitrationTime
    uint256 public rulingSeconds;
    bool public hasReentered;
    bytes public reentryResult;

    address private _target;
    bytes private _data;
    mapping(uint256 disputeID => address) public arbitrables;
    mapping(uint256 disputeID => uint256) private _totals;
    mapping(uint256 disputeID => uint256) private _rulings;
    mapping(uint256 disputeID => mapping(address juror => Share)) private _shares;

    error HostileArbitratorRefuses();
    error HostileArbitratorCosts(uint256 sent, uint256 cost);

    // ── how to behave ───────────────────────────────────────────────────────────────────────────────────────────

    function setCost(uint256 costWei) external {
        cost = costWei;
    }

    function setNextID(uint256 id) external {
        nextID = id;
    }

    function setRefusing(bool value) external {
        isRefusing = value;
    }

    function setTelling(Telling value) external {
        telling = value;
    }

    /// @notice Makes this call in every createDispute; a failure is kept, not passed on.
    function setReentry(address target, bytes calldata data) external {
        (_target, _data) = (target, data);
    }

    /// @notice Declares a time; 0 declares none.
    function setRulingSeconds(uint256 value) external {
        rulingSeconds = value;
    }

    /// @notice What it answers when it is asked.
    function setRuling(uint256 disputeID, uint256 ruling) external {
        _rulings[disputeID] = ruling;
    }

    function setShares(uint256 disputeID, address[] calldata jurors, uint256[] calldata weights) external {
        uint256 sum;
        for (uint256 i = 0; i < jurors.length; ++i) {
            _shares[disputeID][jurors[i]] = Share(sum, sum + weights[i]);
            sum += weights[i];
        }
        _totals[disputeID] = sum;
    }

    function setShare(uint256 disputeID, address juror, uint256 start, uint256 end) external {
        _shares[disputeID][juror] = Share(start, end);
    }

    function setTotal(uint256 disputeID, uint256 total) external {
        _totals[disputeID] = total;
    }

    function rule(uint256 disputeID, uint256 ruling) external {
        IArbitrable(arbitrables[disputeID]).rule(disputeID, ruling);
    }

    /// @notice Rules what it was never asked.
    function ruleAt(IArbitrable arbitrable, uint256 disputeID, uint256 ruling) external {
        arbitrable.rule(disputeID, ruling);
    }

    // ── an arbitrator ───────────────────────────────────────────────────────────────────────────────────────────

    function createDispute(uint256, bytes calldata) external payable returns (uint256 disputeID) {
        require(!isRefusing, HostileArbitratorRefuses());
        require(msg.value == cost, HostileArbitratorCosts(msg.value, cost));
        disputeID = nextID++;
        arbitrables[disputeID] = msg.sender;
        emit DisputeCreation(disputeID, IArbitrable(msg.sender));
        if (_target != address(0)) (hasReentered, reentryResult) = _target.call(_data);
    }

    function appeal(uint256, bytes calldata) external payable {}

    function arbitrationCost(bytes calldata) external view returns (uint256) {
        return cost;
    }

    function sharesTotal(uint256 disputeID) external view returns (uint256) {
        _misbehave();
        return _totals[disputeID];
    }

    function shareOf(uint256 disputeID, address juror) external view returns (uint256 start, uint256 end) {
        _misbehave();
        Share storage share = _shares[disputeID][juror];
        return (share.start, share.end);
    }

    function currentRuling(uint256 disputeID) external view returns (uint256) {
        _misbehave();
        return _rulings[disputeID];
    }

    function appealCost(uint256, bytes calldata) external pure returns (uint256) {
        return type(uint256).max;
    }

    function appealPeriod(uint256) external pure returns (uint256 start, uint256 end) {
        return (0, 0);
    }

    function disputeStatus(uint256) external pure returns (DisputeStatus) {
        return DisputeStatus.Waiting;
    }

    function _misbehave() private view {
        if (telling == Telling.Plainly) return;
        require(telling != Telling.Reverting, HostileArbitratorRefuses());
        if (telling == Telling.BurningGas) while (gasleft() > 0) {}
        // solhint-disable-next-line no-inline-assembly
        if (telling == Telling.SayingNothing) assembly ("memory-safe") {
            return(0, 0)
        }
        // As much as the gas allows: an answer that is dear to copy.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            return(0, 180000)
        }
    }
}
