namespace Coracle.Controllers.Scheduling;

public enum VerdictCode
{
    Success,

    /// <summary>Something broke: the pod is tried again after a backoff, whatever happens in the cluster.</summary>
    Error,

    /// <summary>The pod does not fit now; taking other pods away may help.</summary>
    Unschedulable,

    /// <summary>The pod does not fit, and taking other pods away does not help.</summary>
    UnschedulableAndUnresolvable,

    /// <summary>Permit: hold the pod back until it is allowed or rejected.</summary>
    Wait,

    /// <summary>PreFilter, PreScore: this plugin has nothing to say about this pod. Bind: another plugin may bind it.</summary>
    Skip,

    /// <summary>The pod waits for something outside that was set in motion.</summary>
    Pending,
}

/// <summary>What a plugin says at an extension point (fwk.Status). Immutable; those without a varying reason should be made once.</summary>
public sealed class Verdict
{
    private Verdict(VerdictCode code, IReadOnlyList<string> reasons) => (Code, Reasons) = (code, reasons);

    public static Verdict Ok { get; } = new(VerdictCode.Success, []);
    public static Verdict Skip { get; } = new(VerdictCode.Skip, []);
    public static Verdict Wait { get; } = new(VerdictCode.Wait, []);

    public static Verdict Unschedulable(params IReadOnlyList<string> reasons) => new(VerdictCode.Unschedulable, reasons);
    public static Verdict Unresolvable(params IReadOnlyList<string> reasons) => new(VerdictCode.UnschedulableAndUnresolvable, reasons);
    public static Verdict Pending(params IReadOnlyList<string> reasons) => new(VerdictCode.Pending, reasons);
    public static Verdict Error(string reason) => new(VerdictCode.Error, [reason]);

    public VerdictCode Code { get; }
    public IReadOnlyList<string> Reasons { get; }

    public bool IsOk => Code == VerdictCode.Success;
    public bool IsSkip => Code == VerdictCode.Skip;
    public bool IsRejected => Code is VerdictCode.Unschedulable or VerdictCode.UnschedulableAndUnresolvable or VerdictCode.Pending;
    public string Message => string.Join(", ", Reasons);

    public override string ToString() => Reasons.Count == 0 ? Code.ToString() : $"{Code}: {Message}";
}
