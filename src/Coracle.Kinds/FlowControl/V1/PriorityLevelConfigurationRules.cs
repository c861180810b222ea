using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Printing;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.FlowControl.V1;

/// <summary>Priority levels beyond their schema (upstream: apis/flowcontrol/validation).</summary>
public sealed class PriorityLevelConfigurationRules : KindRules<PriorityLevelConfiguration>
{
    private const int QueuesMax = 10_000_000;
    private const int HashBits = 60;
    private const string NotNegative = "must be a non-negative integer";
    private static readonly FieldPath SpecPath = FieldPath.Of("spec");

    // 0 stands for what nobody said, in the numbers that have no other sign of it.
    public override void Default(JsonObject obj)
    {
        if (obj.Child("spec").Child("limited").Child("limitResponse").Child("queuing") is not { } queuing) return;
        foreach (var (field, value) in (ReadOnlySpan<(string, int)>)[("queues", 64), ("handSize", 8), ("queueLengthLimit", 50)])
            if (queuing.Number(field) == 0) queuing[field] = value;
    }

    public override void Validate(PriorityLevelConfiguration obj, FieldErrors errors)
    {
        var (spec, name) = (obj.Spec, obj.Metadata.Name);
        if ((name == "exempt") != (spec.Type == PriorityLevelEnablement.Exempt))
            errors.Invalid(SpecPath / "type", spec.Type, "type must be 'Exempt' if and only if name is 'exempt'");
        switch (spec.Type)
        {
            case PriorityLevelEnablement.Exempt:
                if (spec.Limited is not null) errors.Forbidden(SpecPath / "limited", "must be nil if the type is not Limited");
                if (spec.Exempt is { } exempt) Shares(exempt.NominalConcurrencyShares, exempt.LendablePercent, SpecPath / "exempt", errors);
                break;
            case PriorityLevelEnablement.Limited:
                if (spec.Exempt is not null) errors.Forbidden(SpecPath / "exempt", "must be nil if the type is Limited");
                if (spec.Limited is { } limited) Limited(limited, SpecPath / "limited", errors);
                else errors.Required(SpecPath / "limited", "must not be empty when type is Limited");
                break;
            default:
                errors.NotSupported(SpecPath / "type", spec.Type, [PriorityLevelEnablement.Exempt, PriorityLevelEnablement.Limited]);
                break;
        }
        Mandatory(obj, errors);
        FlowConditions.Check((obj.Status.Conditions ?? []).Select(c => c.Type), errors);
    }

    public override void ValidateUpdate(PriorityLevelConfiguration obj, PriorityLevelConfiguration old, string subresource, FieldErrors errors)
    {
        if (subresource == "status") FlowConditions.Check((obj.Status.Conditions ?? []).Select(c => c.Type), errors);
        else Validate(obj, errors);
    }

    // An administrator may say what the exempt level leaves to others, and nothing else of the two that must be.
    private static void Mandatory(PriorityLevelConfiguration obj, FieldErrors errors)
    {
        if (FlowDefaults.MandatoryLevels.FirstOrDefault(l => l.Metadata.Name == obj.Metadata.Name) is not { } mandatory) return;
        var isExempt = mandatory.Spec.Type == PriorityLevelEnablement.Exempt;
        var spec = obj.Spec.DeepCopy();
        if (isExempt) spec.Exempt = mandatory.Spec.Exempt;
        if (spec.ContentEquals(mandatory.Spec)) return;
        errors.Invalid(SpecPath, Checks.Shown(obj.Spec), $"spec of '{obj.Metadata.Name}'{(isExempt ? " except the 'spec.exempt' field" : "")} must equal the fixed value");
    }

    private static void Shares(int? shares, int? lendable, FieldPath path, FieldErrors errors)
    {
        if (shares < 0) errors.Invalid(path / "nominalConcurrencyShares", shares, NotNegative);
        Lendable(lendable, path, errors);
    }

    private static void Lendable(int? percent, FieldPath path, FieldErrors errors)
    {
        if (percent is < 0 or > 100) errors.Invalid(path / "lendablePercent", percent, "must be between 0 and 100, inclusive");
    }

    private static void Limited(LimitedPriorityLevelConfiguration limited, FieldPath path, FieldErrors errors)
    {
        if (limited.NominalConcurrencyShares < 0) errors.Invalid(path / "nominalConcurrencyShares", limited.NominalConcurrencyShares, NotNegative);
        Response(limited.LimitResponse, path / "limitResponse", errors);
        Lendable(limited.LendablePercent, path, errors);
        if (limited.BorrowingLimitPercent < 0) errors.Invalid(path / "borrowingLimitPercent", limited.BorrowingLimitPercent, "if specified, must be a non-negative integer");
    }

    private static void Response(LimitResponse response, FieldPath path, FieldErrors errors)
    {
        switch (response.Type)
        {
            case LimitResponseType.Reject:
                if (response.Queuing is not null) errors.Forbidden(path / "queuing", "must be nil if limited.limitResponse.type is not Limited");
                break;
            case LimitResponseType.Queue:
                if (response.Queuing is { } queuing) Queuing(queuing, path / "queuing", errors);
                else errors.Required(path / "queuing", "must not be empty if limited.limitResponse.type is Limited");
                break;
            default:
                errors.NotSupported(path / "type", response.Type, [LimitResponseType.Queue, LimitResponseType.Reject]);
                break;
        }
    }

    private static void Queuing(QueuingConfiguration queuing, FieldPath path, FieldErrors errors)
    {
        if (queuing.QueueLengthLimit <= 0) errors.Invalid(path / "queueLengthLimit", queuing.QueueLengthLimit, "must be positive");
        if (queuing.Queues <= 0) errors.Invalid(path / "queues", queuing.Queues, "must be positive");
        else if (queuing.Queues > QueuesMax) errors.Invalid(path / "queues", queuing.Queues, $"must not be greater than {QueuesMax}");
        if (queuing.HandSize <= 0) errors.Invalid(path / "handSize", queuing.HandSize, "must be positive");
        else if (queuing.HandSize > queuing.Queues) errors.Invalid(path / "handSize", queuing.HandSize, $"should not be greater than queues ({queuing.Queues})");
        else if (Math.Ceiling(Math.Log2(queuing.Queues) * queuing.HandSize) > HashBits)
            errors.Invalid(path / "handSize", queuing.HandSize, $"required entropy bits of deckSize {queuing.Queues} and handSize {queuing.HandSize} should not be greater than {HashBits}");
    }

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("Type", "Whether the level has limits."),
        CommonColumns.Text("NominalConcurrencyShares", "The level's part of all seats."),
        CommonColumns.Text("Queues", "How many queues there are."),
        CommonColumns.Text("HandSize", "Among how many of them a flow chooses."),
        CommonColumns.Text("QueueLengthLimit", "How many requests may wait in one queue."),
        CommonColumns.Age,
    ];

    public override IReadOnlyList<object?> Cells(PriorityLevelConfiguration obj, DateTimeOffset now)
    {
        var queuing = obj.Spec.Limited?.LimitResponse.Queuing;
        return
        [
            obj.Metadata.Name, obj.Spec.Type, Number(obj.Spec.Limited?.NominalConcurrencyShares), Number(queuing?.Queues), Number(queuing?.HandSize),
            Number(queuing?.QueueLengthLimit), Cell.Age(obj.Metadata, now),
        ];
    }

    private static object Number(int? number) => number is { } known ? (long)known : "<none>";
}
