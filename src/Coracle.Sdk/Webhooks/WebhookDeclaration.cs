using Coracle.Kinds.AdmissionRegistration.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Sdk;

/// <summary>One webhook of admission: where it is, and what it is asked about.</summary>
public sealed record WebhookDeclaration
{
    /// <summary>A full domain name, unique in its configuration.</summary>
    public required string Name { get; init; }

    /// <summary>Where it is served: "/validate-chaos-coracle-dev-v1-chaosset".</summary>
    public required string Path { get; init; }

    /// <summary>It may change what is written; otherwise it allows or refuses alone.</summary>
    public required bool Mutating { get; init; }

    /// <summary>About what it is asked.</summary>
    public required IReadOnlyList<RuleWithOperations> Rules { get; init; }
    public string FailurePolicy { get; init; } = "Fail";
    public string SideEffects { get; init; } = "None";
    public string MatchPolicy { get; init; } = "Equivalent";
    public string ReinvocationPolicy { get; init; } = "Never";
    public int TimeoutSeconds { get; init; } = 10;

    /// <summary>Only objects in namespaces with these labels; null for all.</summary>
    public LabelSelector? NamespaceSelector { get; init; }

    /// <summary>Only objects with these labels, before or after the change; null for all.</summary>
    public LabelSelector? ObjectSelector { get; init; }

    /// <summary>Expressions that must hold for it to be asked.</summary>
    public IReadOnlyList<MatchCondition> MatchConditions { get; init; } = [];

    /// <summary>The declaration of a webhook for one kind: names and paths as controller-runtime makes them, but for what the attribute says.</summary>
    public static WebhookDeclaration Of(KindInfo kind, bool mutating, WebhookAttribute? says = null)
    {
        says ??= new();
        var (word, letter) = mutating ? ("mutate", 'm') : ("validate", 'v');
        var lower = kind.Kind.ToLowerInvariant();
        return new()
        {
            Name = says.Name.Length > 0 ? says.Name : $"{letter}{lower}-{kind.Version}.{Domain(kind.Group)}",
            Path = says.Path.Length > 0 ? says.Path : $"/{word}-{kind.Group.Replace('.', '-')}-{kind.Version}-{lower}",
            Mutating = mutating,
            Rules =
            [
                new()
                {
                    Operations = says.Operations.Length > 0 ? [.. says.Operations] : [AdmissionOperation.Create, AdmissionOperation.Update],
                    ApiGroups = [kind.Group], ApiVersions = [kind.Version], Resources = [kind.Plural, .. says.SubResources.Select(sub => $"{kind.Plural}/{sub}")],
                    Scope = kind.Namespaced ? "Namespaced" : "Cluster",
                },
            ],
            FailurePolicy = says.FailurePolicy, SideEffects = says.SideEffects, MatchPolicy = says.MatchPolicy, ReinvocationPolicy = says.ReinvocationPolicy, TimeoutSeconds = says.TimeoutSeconds,
        };
    }

    // A webhook's name has three parts at least; groups that ship in the box may have one, or none.
    private static string Domain(string group) => group.Contains('.', StringComparison.Ordinal) ? group : group.Length == 0 ? "core.k8s.io" : group + ".k8s.io";
}
