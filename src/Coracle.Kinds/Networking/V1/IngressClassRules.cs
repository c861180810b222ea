using Coracle.Kinds.Printing;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Networking.V1;

/// <summary>Classes of ingresses beyond their schema (upstream: apis/networking/validation, ValidateIngressClass).</summary>
public sealed class IngressClassRules : KindRules<IngressClass>
{
    private const int ControllerMax = 250;
    private static readonly FieldPath SpecPath = FieldPath.Of("spec");

    public override void Validate(IngressClass obj, FieldErrors errors)
    {
        var path = SpecPath / "controller";
        var controller = obj.Spec.Controller;
        if (controller.Length == 0) errors.Required(path);
        else
        {
            if (controller.Length > ControllerMax) errors.TooLong(path, ControllerMax);
            foreach (var (bad, problem) in NameRules.DomainPrefixedPath(controller)) errors.Invalid(path, bad, problem);
        }
        if (obj.Spec.Parameters is { } parameters) Parameters(parameters, SpecPath / "parameters", errors);
    }

    public override void ValidateUpdate(IngressClass obj, IngressClass old, string subresource, FieldErrors errors)
    {
        if (obj.Spec.Controller != old.Spec.Controller) errors.Invalid(SpecPath / "controller", obj.Spec.Controller, Checks.Immutable);
        Validate(obj, errors);
    }

    private static void Parameters(IngressClassParametersReference parameters, FieldPath path, FieldErrors errors)
    {
        if (parameters.ApiGroup is { } group) errors.Subdomain(path / "apiGroup", group);
        errors.Segment(path / "kind", parameters.Kind);
        errors.Segment(path / "name", parameters.Name);
        switch (parameters.Scope)
        {
            case null:
                errors.Required(path / "scope");
                break;
            case "Namespace":
                if (parameters.Namespace is not { } name) errors.Required(path / "namespace", "`parameters.scope` is set to 'Namespace'");
                else errors.Label(path / "namespace", name);
                break;
            case "Cluster":
                if (parameters.Namespace is not null) errors.Forbidden(path / "namespace", "`parameters.scope` is set to 'Cluster'");
                break;
            default:
                errors.NotSupported(path / "scope", parameters.Scope, ["Cluster", "Namespace"]);
                break;
        }
    }

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("Controller", "What carries ingresses of the class out."),
        CommonColumns.Text("Parameters", "The object with more settings."),
        CommonColumns.Age,
    ];

    public override IReadOnlyList<object?> Cells(IngressClass obj, DateTimeOffset now) =>
        [obj.Metadata.Name, obj.Spec.Controller, Parameters(obj.Spec.Parameters), Cell.Age(obj.Metadata, now)];

    private static string Parameters(IngressClassParametersReference? parameters) => parameters switch
    {
        null => "<none>",
        { ApiGroup: { } group } => $"{parameters.Kind}.{group}/{parameters.Name}",
        _ => $"{parameters.Kind}/{parameters.Name}",
    };
}
