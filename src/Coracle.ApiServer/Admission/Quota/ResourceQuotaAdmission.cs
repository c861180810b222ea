namespace Coracle.ApiServer;

/// <summary>
/// Keeps namespaces within their quotas (upstream: ResourceQuota). Asked after all others, so that nothing is counted that they refuse. Counting and taking note are one step, so that many
/// requests at once cannot exceed a quota together.
/// </summary>
public sealed class ResourceQuotaAdmission : AdmissionPlugin
{
    private QuotaLedger? _ledger;

    public override string Name => "ResourceQuota";

    internal QuotaLedger Ledger(Server server) => _ledger ?? Interlocked.CompareExchange(ref _ledger, new QuotaLedger(server), null) ?? _ledger;

    /// <summary>Whether there is any quota.</summary>
    public bool IsCounting(Server server) => !Ledger(server).IsIdle;

    /// <summary>What is used up of every quota at this moment.</summary>
    public IReadOnlyList<QuotaUsage> Read(Server server) => Ledger(server).IsIdle ? [] : Ledger(server).Read();

    public override ValueTask<ApiStatus?> ValidateAsync(AdmissionContext context)
    {
        var ledger = Ledger(context.Server);
        if (ledger.IsIdle || context.Namespace.Length == 0 || !Handles(context)) return default;
        return new(ledger.Admit(context, context.Request.Kind.GroupResource));
    }

    // Of most objects only the number counts; what these use up can change.
    private static bool Handles(AdmissionContext context)
    {
        if (!ReferenceEquals(context.Kind, context.Request.Kind) || context.Kind is { Group: "", Kind: "Namespace" }) return false;
        return context.Operation switch
        {
            Operation.Create => context.Subresource.Length == 0,
            Operation.Update when context.Is("", "Pod") => context.Subresource == "resize",
            Operation.Update => context.Subresource.Length == 0 && (context.Is("", "Service") || context.Is("", "PersistentVolumeClaim")),
            _ => false,
        };
    }
}

/// <summary>What may be used of one quota, and what is.</summary>
public sealed record QuotaUsage(string Namespace, string Name, IReadOnlyDictionary<string, Schema.Quantity> Hard, IReadOnlyDictionary<string, Schema.Quantity> Used);
