using Coracle.Kinds.Meta.V1;

namespace Coracle.Kinds.FlowControl.V1;

/// <summary>
/// The schemas and levels that every cluster has (upstream: apiserver, apis/flowcontrol/bootstrap). The mandatory ones must be as they are here; the suggested
/// ones are kept as they are here until an administrator takes them over.
/// </summary>
public static class FlowDefaults
{
    /// <summary>"true" as long as the server keeps an object's spec as it is here.</summary>
    public const string AutoUpdate = "apf.kubernetes.io/autoupdate-spec";

    private const string ByUser = FlowDistinguisherMethodType.ByUser;
    private const string ByNamespace = FlowDistinguisherMethodType.ByNamespace;
    private static readonly string[] All = ["*"];
    private static readonly List<Subject> Everybody = Groups("system:unauthenticated", "system:authenticated");

    public static IReadOnlyList<PriorityLevelConfiguration> MandatoryLevels { get; } =
    [
        Level("exempt", new() { Type = PriorityLevelEnablement.Exempt, Exempt = new() { NominalConcurrencyShares = 0, LendablePercent = 0 } }),
        Level("catch-all", new()
        {
            Type = PriorityLevelEnablement.Limited,
            Limited = new() { NominalConcurrencyShares = 5, LendablePercent = 0, LimitResponse = new() { Type = LimitResponseType.Reject } },
        }),
    ];

    public static IReadOnlyList<PriorityLevelConfiguration> SuggestedLevels { get; } =
    [
        Queued("system", shares: 30, lendable: 33, queues: 64, hand: 6),
        Queued("node-high", shares: 40, lendable: 25, queues: 64, hand: 6),
        Queued("leader-election", shares: 10, lendable: 0, queues: 16, hand: 4),
        Queued("workload-high", shares: 40, lendable: 50, queues: 128, hand: 6),
        Queued("workload-low", shares: 100, lendable: 90, queues: 128, hand: 6),
        Queued("global-default", shares: 20, lendable: 50, queues: 128, hand: 6),
    ];

    public static IReadOnlyList<FlowSchema> MandatorySchemas { get; } =
    [
        Schema("exempt", "exempt", 1, null, Anything(Groups("system:masters"))),
        Schema("catch-all", "catch-all", 10000, ByUser, Anything(Everybody)),
    ];

    public static IReadOnlyList<FlowSchema> SuggestedSchemas { get; } =
    [
        Schema("probes", "exempt", 2, null, new PolicyRulesWithSubjects
        {
            Subjects = Everybody, NonResourceRules = [new() { Verbs = ["get"], NonResourceURLs = ["/healthz", "/readyz", "/livez"] }],
        }),
        Schema("system-leader-election", "leader-election", 100, ByUser, new PolicyRulesWithSubjects
        {
            Subjects = [.. Users("system:kube-controller-manager", "system:kube-scheduler"), .. SystemAccounts()],
            ResourceRules = [Resources(["get", "create", "update"], "coordination.k8s.io", ["leases"], clusterScope: false)],
        }),
        Schema("system-node-high", "node-high", 400, ByUser, new PolicyRulesWithSubjects
        {
            Subjects = Groups("system:nodes"),
            ResourceRules = [Resources(All, "", ["nodes", "nodes/status"], clusterScope: true), Resources(All, "coordination.k8s.io", ["leases"], clusterScope: false)],
        }),
        Schema("system-nodes", "system", 500, ByUser, Anything(Groups("system:nodes"))),
        Schema("kube-controller-manager", "workload-high", 800, ByNamespace, Anything(Users("system:kube-controller-manager"))),
        Schema("kube-scheduler", "workload-high", 800, ByNamespace, Anything(Users("system:kube-scheduler"))),
        Schema("kube-system-service-accounts", "workload-high", 900, ByNamespace, Anything(SystemAccounts())),
        Schema("service-accounts", "workload-low", 9000, ByUser, Anything(Groups("system:serviceaccounts"))),
        Schema("global-default", "global-default", 9900, ByUser, Anything(Everybody)),
    ];

    private static ObjectMeta Meta(string name) => new() { Name = name, Annotations = new() { [AutoUpdate] = "true" } };

    private static PriorityLevelConfiguration Level(string name, PriorityLevelConfigurationSpec spec) => new() { Metadata = Meta(name), Spec = spec };

    private static PriorityLevelConfiguration Queued(string name, int shares, int lendable, int queues, int hand) => Level(name, new()
    {
        Type = PriorityLevelEnablement.Limited,
        Limited = new()
        {
            NominalConcurrencyShares = shares, LendablePercent = lendable,
            LimitResponse = new() { Type = LimitResponseType.Queue, Queuing = new() { Queues = queues, HandSize = hand, QueueLengthLimit = 50 } },
        },
    });

    private static FlowSchema Schema(string name, string level, int precedence, string? distinguisher, PolicyRulesWithSubjects rules) => new()
    {
        Metadata = Meta(name),
        Spec = new()
        {
            PriorityLevelConfiguration = new() { Name = level }, MatchingPrecedence = precedence,
            DistinguisherMethod = distinguisher is null ? null : new() { Type = distinguisher }, Rules = [rules],
        },
    };

    private static PolicyRulesWithSubjects Anything(List<Subject> subjects) => new()
    {
        Subjects = subjects,
        ResourceRules = [Resources(All, "*", All, clusterScope: true)],
        NonResourceRules = [new() { Verbs = [.. All], NonResourceURLs = [.. All] }],
    };

    private static ResourcePolicyRule Resources(string[] verbs, string group, string[] resources, bool clusterScope) =>
        new() { Verbs = [.. verbs], ApiGroups = [group], Resources = [.. resources], ClusterScope = clusterScope, Namespaces = [.. All] };

    private static List<Subject> Groups(params string[] names) => [.. names.Select(name => new Subject { Kind = FlowSubjectKind.Group, Group = new() { Name = name } })];
    private static List<Subject> Users(params string[] names) => [.. names.Select(name => new Subject { Kind = FlowSubjectKind.User, User = new() { Name = name } })];

    private static List<Subject> SystemAccounts() =>
        [new() { Kind = FlowSubjectKind.ServiceAccount, ServiceAccount = new() { Namespace = "kube-system", Name = "*" } }];
}
