using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.ApiServer.Access;
using Coracle.Schema;
using Coracle.Schema.Cel;

namespace Coracle.ApiServer;

/// <summary>What expressions see of one request: object, oldObject, request, namespaceObject and authorizer, each made when first needed.</summary>
internal sealed class PolicyInput(AdmissionContext context, AdmissionTarget target, Resource seenAs)
{
    private CelValue? _request;
    private CelValue? _namespace;
    private CelValue? _old;
    private CelValue? _object;

    public Resource SeenAs => seenAs;

    /// <summary>The object has changed since.</summary>
    public void Forget() => _object = null;

    /// <summary>The values of the variables that a program reads; <paramref name="more"/> gives those that are not the request's.</summary>
    public CelActivation For(CelProgram program, Func<string, CelValue> more)
    {
        var activation = new CelActivation();
        foreach (var name in program.Variables) activation.Set(name, Value(name) ?? more(name));
        return activation;
    }

    private CelValue? Value(string name) => name switch
    {
        "object" => _object ??= Read(AdmissionObject.New(context, seenAs)),
        "oldObject" => _old ??= Read(AdmissionObject.Old(context, seenAs)),
        "request" => _request ??= Read(AdmissionReviewRequest.ForExpressions(context, target, seenAs)),
        "namespaceObject" => _namespace ??= NamespaceObject(),
        "authorizer" => CelAuthorization.Authorizer(Decide),
        "authorizer.requestResource" => CelAuthorization.RequestResource(Decide, new CelAuthorizationQuery
        {
            Group = target.Resource.Kind.Group, Resource = target.Resource.Kind.Plural, Subresource = target.Subresource, Namespace = target.IsNamespace ? "" : target.Namespace,
            Name = context.ObjectName,
        }),
        _ => null,
    };

    private static CelValue Read(byte[]? json) => json is null ? CelValue.Null : CelJson.Dynamic(ApiJson.ParseTree(json));

    // Nothing of a namespace is shown but what could be of use; and a namespace has none itself.
    private CelValue NamespaceObject()
    {
        if (target.IsNamespace || target.Namespace.Length == 0 || context.Server.Cache.Resource("namespaces").Get(target.Namespace) is not { } stored) return CelValue.Null;
        var tree = stored.ToTree();
        Meta.Of(tree).Remove("managedFields");
        Meta.Of(tree).Remove("ownerReferences");
        Meta.Of(tree).Remove("selfLink");
        return CelJson.Typed(tree, CelSchema.From(Kinds.Core.V1.Namespace.Info.Schema));
    }

    private async Task Remember(CelAuthorizationQuery query, Task<Decision> asked) => context.Decisions[query] = Told(await asked);

    private static CelAuthorizationDecision Told(Decision decision) => new(decision.IsAllowed, decision.Reason, null);

    // Asked once for each question, however many expressions ask it.
    private CelAuthorizationDecision Decide(CelAuthorizationQuery query)
    {
        if (context.Decisions.TryGetValue(query, out var known)) return known;
        var user = query.ServiceAccount is { } account
            ? new User { Name = ServiceAccountName.UserName(account.Namespace, account.Name), Groups = [.. ServiceAccountName.Groups(account.Namespace), WellKnown.Authenticated] }
            : context.User;
        var asked = context.Server.Options.Authorize(query.Path is { } path
            ? new RequestAttributes { User = user, Verb = query.Verb, Path = path, IsResourceRequest = false }
            : new RequestAttributes
            {
                User = user, Verb = query.Verb, ApiGroup = query.Group, ApiVersion = "*", Resource = query.Resource, Subresource = query.Subresource, Namespace = query.Namespace, Name = query.Name,
                LabelSelector = query.LabelSelector,
            }, context.Request.Cancel);
        if (!asked.IsCompletedSuccessfully) throw new UnansweredException(Remember(query, asked.AsTask()));
        return context.Decisions[query] = Told(asked.Result);
    }
}
