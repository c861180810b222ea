using Coracle.Kinds.Authorization.V1;
using Coracle.Kinds.Rbac.V1;

namespace Coracle.ApiServer.Access;

/// <summary>
/// Decides who may do what: members of system:masters everything, then nodes by what their pods need, then everybody by RBAC, then whatever is appended.
/// The first that allows or denies decides; a request that none allows is forbidden.
/// </summary>
public sealed class Authorization
{
    private readonly Func<RequestAttributes, Decision>[] _chain;
    private readonly Func<RbacIndex> _rbac;

    /// <param name="rbac">The roles and bindings in force at this moment.</param>
    /// <param name="graph">What nodes' pods need at this moment.</param>
    /// <param name="more">Authorizers to ask after the built-in ones, in order.</param>
    public Authorization(Func<RbacIndex> rbac, Func<NodeGraph> graph, params IEnumerable<Func<RequestAttributes, Decision>> more)
    {
        _rbac = rbac;
        _chain = [AuthorizeMasters, new NodeAuthorizer(graph, BootstrapPolicy.NodeRules()).Authorize, request => rbac().Authorize(request), .. more];
        Grants = new GrantCheck(rbac, Authorize);
    }

    /// <summary>Keeps writers of roles and bindings from granting what they do not hold.</summary>
    public GrantCheck Grants { get; }

    public Decision Authorize(RequestAttributes request)
    {
        var reasons = "";
        foreach (var authorize in _chain)
        {
            var decision = authorize(request);
            if (decision.Verdict != Verdict.NoOpinion)
                return decision;
            if (decision.Reason.Length > 0)
                reasons = reasons.Length == 0 ? decision.Reason : $"{reasons}\n{decision.Reason}";
        }
        return Decision.NoOpinion(reasons);
    }

    /// <summary>What a SelfSubjectRulesReview answers: the rules that hold for a user in a namespace.</summary>
    public SubjectRulesReviewStatus RulesFor(User user, string ns)
    {
        var (rules, errors) = _rbac().RulesFor(user, ns);
        List<string> problems = [.. errors];
        var isNode = NodeIdentity.Of(user) is not null;
        if (isNode)
            problems.Insert(0, "node authorizer does not support user rule resolution");
        return new SubjectRulesReviewStatus
        {
            ResourceRules = [.. rules.Where(rule => rule.Resources?.Count > 0).Select(ToResourceRule)],
            NonResourceRules = [.. rules.Where(rule => rule.NonResourceURLs?.Count > 0).Select(rule => new NonResourceRule { Verbs = rule.Verbs, NonResourceURLs = rule.NonResourceURLs })],
            Incomplete = isNode,
            EvaluationError = problems.Count == 0 ? "" : RbacIndex.Aggregate(problems),
        };
    }

    private static ResourceRule ToResourceRule(PolicyRule rule) =>
        new() { Verbs = rule.Verbs, ApiGroups = rule.ApiGroups, Resources = rule.Resources, ResourceNames = rule.ResourceNames };

    private static Decision AuthorizeMasters(RequestAttributes request) => request.User.IsIn(WellKnown.Masters) ? Decision.Allow() : Decision.NoOpinion();
}
