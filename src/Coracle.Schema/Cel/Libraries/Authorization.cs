using T = Coracle.Schema.Cel.CelType;

namespace Coracle.Schema.Cel;

/// <summary>What an expression asks to be decided: a request for a resource, or, when <see cref="Path"/> is set, for a path.</summary>
public sealed record CelAuthorizationQuery
{
    /// <summary>Namespace and name of the service account to ask for; null asks for the user of the request.</summary>
    public (string Namespace, string Name)? ServiceAccount { get; init; }
    public string? Path { get; init; }
    public string Verb { get; init; } = "";
    public string Group { get; init; } = "";
    public string Resource { get; init; } = "";
    public string Subresource { get; init; } = "";
    public string Namespace { get; init; } = "";
    public string Name { get; init; } = "";
    public string FieldSelector { get; init; } = "";
    public string LabelSelector { get; init; } = "";
}

/// <summary>What was decided, why, and what went wrong while deciding.</summary>
public readonly record struct CelAuthorizationDecision(bool Allowed, string Reason, string? Error);

/// <summary>The API server's side of the <c>authorizer</c> variable.</summary>
public delegate CelAuthorizationDecision CelAuthorize(CelAuthorizationQuery query);

/// <summary>
/// The <c>authorizer</c> and <c>authorizer.requestResource</c> variables:
/// <c>authorizer.group("apps").resource("deployments").namespace("x").check("create").allowed()</c>.
/// </summary>
public static class CelAuthorization
{
    public static CelType AuthorizerType { get; } = T.Struct("kubernetes.authorization.Authorizer");
    public static CelType ResourceCheckType { get; } = T.Struct("kubernetes.authorization.ResourceCheck");
    private static readonly T PathCheck = T.Struct("kubernetes.authorization.PathCheck"), GroupCheck = T.Struct("kubernetes.authorization.GroupCheck"),
        Decision = T.Struct("kubernetes.authorization.Decision");

    /// <summary>The value of <c>authorizer</c>.</summary>
    public static CelValue Authorizer(CelAuthorize authorize) => CelValue.Object(new Check(AuthorizerType, authorize, new()));

    /// <summary>The value of <c>authorizer.requestResource</c>: a check of what is being asked for, all but the verb.</summary>
    public static CelValue RequestResource(CelAuthorize authorize, CelAuthorizationQuery resource) => CelValue.Object(new Check(ResourceCheckType, authorize, resource));

    internal static CelLibrary Library { get; } = new("k8s.authz",
        new("path", CelOverload.Member("authorizer_path", [AuthorizerType, T.String], PathCheck,
            (a, s) => string.IsNullOrWhiteSpace(s.AsString) ? CelValue.Error("path must not be empty") : Next(a, PathCheck, q => q with { Path = s.AsString }))),
        new("group", CelOverload.Member("authorizer_group", [AuthorizerType, T.String], GroupCheck, (a, s) => Next(a, GroupCheck, q => q with { Group = s.AsString }))),
        new("serviceAccount", CelOverload.Member("authorizer_serviceaccount", [AuthorizerType, T.String, T.String], AuthorizerType, ServiceAccount)),
        new("resource", CelOverload.Member("groupcheck_resource", [GroupCheck, T.String], ResourceCheckType,
            (a, s) => string.IsNullOrWhiteSpace(s.AsString) ? CelValue.Error("resource must not be empty") : Next(a, ResourceCheckType, q => q with { Resource = s.AsString }))),
        Refined("subresource", "resourcecheck_subresource", (q, s) => q with { Subresource = s }),
        Refined("namespace", "resourcecheck_namespace", (q, s) => q with { Namespace = s }),
        Refined("name", "resourcecheck_name", (q, s) => q with { Name = s }),
        Refined("fieldSelector", "authorizer_fieldselector", (q, s) => q with { FieldSelector = s }),
        Refined("labelSelector", "authorizer_labelselector", (q, s) => q with { LabelSelector = s }),
        new("check",
            CelOverload.Member("pathcheck_check", [PathCheck, T.String], Decision, Decide),
            CelOverload.Member("resourcecheck_check", [ResourceCheckType, T.String], Decision, Decide)),
        new("errored", CelOverload.Member("decision_errored", [Decision], T.Bool, d => CelValue.Bool(Of(d).Error is not null))),
        new("error", CelOverload.Member("decision_error", [Decision], T.String, d => CelValue.String(Of(d).Error ?? ""))),
        new("allowed", CelOverload.Member("decision_allowed", [Decision], T.Bool, d => CelValue.Bool(Of(d).Allowed))),
        new("reason", CelOverload.Member("decision_reason", [Decision], T.String, d => CelValue.String(Of(d).Reason))))
    {
        Types = [AuthorizerType, PathCheck, GroupCheck, ResourceCheckType, Decision],
    };

    private static CelFunction Refined(string name, string id, Func<CelAuthorizationQuery, string, CelAuthorizationQuery> refine) =>
        new(name, CelOverload.Member(id, [ResourceCheckType, T.String], ResourceCheckType, (a, s) => Next(a, ResourceCheckType, q => refine(q, s.AsString))));

    private static CelAuthorizationDecision Of(CelValue value) => ((Decided)value.AsObject).Decision;

    private static CelValue Next(CelValue value, T type, Func<CelAuthorizationQuery, CelAuthorizationQuery> refine)
    {
        var check = (Check)value.AsObject;
        return CelValue.Object(new Check(type, check.Authorize, refine(check.Query)));
    }

    private static CelValue ServiceAccount(CelValue[] args)
    {
        if (NameRules.Dns1123Subdomain(args[2].AsString).Count > 0) return CelValue.Error("Invalid service account name");
        if (NameRules.Dns1123Label(args[1].AsString).Count > 0) return CelValue.Error("Invalid service account namespace");
        return Next(args[0], AuthorizerType, q => q with { ServiceAccount = (args[1].AsString, args[2].AsString) });
    }

    private static CelValue Decide(CelValue value, CelValue verb)
    {
        var check = (Check)value.AsObject;
        return CelValue.Object(new Decided(check.Authorize(check.Query with { Verb = verb.AsString })));
    }

    private sealed class Check(T type, CelAuthorize authorize, CelAuthorizationQuery query) : CelObject
    {
        public CelAuthorize Authorize => authorize;
        public CelAuthorizationQuery Query => query;
        public override T Type => type;
        public override bool SameAs(CelObject other) => other is Check theirs && theirs.Type.Equals(type) && theirs.Query == query;

        /// <summary>The authorizer's variable is "authorizer", and that of its resource a field of it.</summary>
        public override CelValue? Field(string name) => null;
    }

    private sealed class Decided(CelAuthorizationDecision decision) : CelObject
    {
        public CelAuthorizationDecision Decision => decision;
        public override T Type => CelAuthorization.Decision;
        public override bool SameAs(CelObject other) => other is Decided theirs && theirs.Decision == decision;
    }
}
