using Coracle.Kinds.Authorization.V1;
using Coracle.Kinds.Rbac.V1;

namespace Coracle.ApiServer.Access;

/// <summary>One authorizer of the chain.</summary>
/// <param name="Type">"Node", "RBAC" or "Webhook".</param>
/// <param name="Name">As it is configured and counted.</param>
/// <param name="Ask">Decides.</param>
public sealed record NamedAuthorizer(string Type, string Name, Authorizer Ask)
{
    private long _allowed;
    private long _denied;

    /// <summary>How many requests it has allowed, and how many it has refused for good.</summary>
    public (long Allowed, long Denied) Decisions => (Interlocked.Read(ref _allowed), Interlocked.Read(ref _denied));

    internal void Count(Verdict verdict) => Interlocked.Increment(ref verdict == Verdict.Allow ? ref _allowed : ref _denied);
}

/// <summary>
/// Decides who may do what: members of system:masters everything, then the chain; without configuration nodes by what their pods need, then everybody by RBAC.
/// The first that allows or denies decides; a request that none allows is forbidden.
/// </summary>
public sealed class Authorization
{
    private readonly Func<RbacIndex> _rbac;
    private volatile NamedAuthorizer[] _chain;

    /// <param name="rbac">The roles and bindings in force at this moment.</param>
    /// <param name="graph">What nodes' pods need at this moment.</param>
    public Authorization(Func<RbacIndex> rbac, Func<NodeGraph> graph)
    {
        _rbac = rbac;
        var nodes = new NodeAuthorizer(graph, BootstrapPolicy.NodeRules());
        Node = new("Node", "node", (request, _) => new(nodes.Authorize(request)));
        Rbac = new("RBAC", "rbac", (request, _) => new(rbac().Authorize(request)));
        _chain = [Node, Rbac];
        Grants = new GrantCheck(rbac, AuthorizeAsync);
    }

    /// <summary>Nodes, by what their pods need.</summary>
    public NamedAuthorizer Node { get; }

    /// <summary>Everybody, by roles and bindings.</summary>
    public NamedAuthorizer Rbac { get; }

    /// <summary>Keeps writers of roles and bindings from granting what they do not hold.</summary>
    public GrantCheck Grants { get; }

    /// <summary>Who is asked, in order.</summary>
    public IReadOnlyList<NamedAuthorizer> Chain => _chain;

    /// <summary>From now on these are asked, in this order.</summary>
    internal void Use(IEnumerable<NamedAuthorizer> chain) => _chain = [.. chain];

    /// <summary>From now on those of a configuration are asked.</summary>
    public void Use(AuthorizationSettings settings, WebhookTransport network, TimeProvider clock, AccessMetrics metrics) => Use(settings.Chain(this, network, clock, metrics));

    public ValueTask<Decision> AuthorizeAsync(RequestAttributes request, CancellationToken cancel)
    {
        if (request.User.IsIn(WellKnown.Masters)) return new(Decision.Allow());
        var chain = _chain;
        var told = new Told();
        for (var i = 0; i < chain.Length; i++)
        {
            var asked = chain[i].Ask(request, cancel);
            if (!asked.IsCompletedSuccessfully) return Rest(chain, i, asked, told, request, cancel);
            if (Decides(chain[i], asked.Result, ref told) is { } decided) return new(decided);
        }
        return new(told.Decision);
    }

    private async ValueTask<Decision> Rest(NamedAuthorizer[] chain, int from, ValueTask<Decision> asked, Told told, RequestAttributes request, CancellationToken cancel)
    {
        for (var i = from; i < chain.Length; i++)
        {
            var decision = i == from ? await asked : await chain[i].Ask(request, cancel);
            if (Decides(chain[i], decision, ref told) is { } decided) return decided;
        }
        return told.Decision;
    }

    private Decision? Decides(NamedAuthorizer authorizer, Decision decision, ref Told told)
    {
        if (decision.Verdict != Verdict.NoOpinion)
        {
            authorizer.Count(decision.Verdict);
            return decision;
        }
        told = told.With(decision);
        return null;
    }

    /// <summary>Why those who had no opinion had none.</summary>
    private readonly record struct Told(string? Reasons, string? Errors)
    {
        public Decision Decision => Decision.NoOpinion(Reasons ?? "") with { Error = Errors ?? "" };

        public Told With(Decision more) => new(Join(Reasons, more.Reason, "\n"), Join(Errors, more.Error, ", "));

        private static string? Join(string? first, string second, string between) => second.Length == 0 ? first : first is null ? second : first + between + second;
    }

    /// <summary>What a SelfSubjectRulesReview answers: the rules that hold for a user in a namespace.</summary>
    public SubjectRulesReviewStatus RulesFor(User user, string ns)
    {
        List<PolicyRule> rules = [];
        List<string> problems = [];
        var isIncomplete = false;
        foreach (var authorizer in _chain)
        {
            if (authorizer.Type == "RBAC")
            {
                var (held, errors) = _rbac().RulesFor(user, ns);
                rules.AddRange(held);
                problems.AddRange(errors);
            }
            else if (authorizer.Type == "Webhook" || NodeIdentity.Of(user) is not null)
            {
                isIncomplete = true;
                problems.Add($"{(authorizer.Type == "Webhook" ? "webhook" : "node")} authorizer does not support user rule resolution");
            }
        }
        return new SubjectRulesReviewStatus
        {
            ResourceRules = [.. rules.Where(rule => rule.Resources?.Count > 0).Select(ToResourceRule)],
            NonResourceRules = [.. rules.Where(rule => rule.NonResourceURLs?.Count > 0).Select(rule => new NonResourceRule { Verbs = rule.Verbs, NonResourceURLs = rule.NonResourceURLs })],
            Incomplete = isIncomplete,
            EvaluationError = problems.Count == 0 ? "" : RbacIndex.Aggregate(problems),
        };
    }

    private static ResourceRule ToResourceRule(PolicyRule rule) =>
        new() { Verbs = rule.Verbs, ApiGroups = rule.ApiGroups, Resources = rule.Resources, ResourceNames = rule.ResourceNames };
}
