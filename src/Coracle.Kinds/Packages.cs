using Coracle.Schema;

// Under which names the types of each namespace are published.
[assembly: DefinitionPackage("Coracle.Kinds.Meta.V1", "io.k8s.apimachinery.pkg.apis.meta.v1")]
[assembly: DefinitionPackage("Coracle.Kinds.Core.V1", "io.k8s.api.core.v1")]
[assembly: DefinitionPackage("Coracle.Kinds.Apps.V1", "io.k8s.api.apps.v1")]
[assembly: DefinitionPackage("Coracle.Kinds.Batch.V1", "io.k8s.api.batch.v1")]
[assembly: DefinitionPackage("Coracle.Kinds.Rbac.V1", "io.k8s.api.rbac.v1")]
[assembly: DefinitionPackage("Coracle.Kinds.Coordination.V1", "io.k8s.api.coordination.v1")]
[assembly: DefinitionPackage("Coracle.Kinds.Discovery.V1", "io.k8s.api.discovery.v1")]
[assembly: DefinitionPackage("Coracle.Kinds.Events.V1", "io.k8s.api.events.v1")]
[assembly: DefinitionPackage("Coracle.Kinds.Authentication.V1", "io.k8s.api.authentication.v1")]
[assembly: DefinitionPackage("Coracle.Kinds.Authorization.V1", "io.k8s.api.authorization.v1")]
[assembly: DefinitionPackage("Coracle.Kinds.Autoscaling.V1", "io.k8s.api.autoscaling.v1")]
[assembly: DefinitionPackage("Coracle.Kinds.Policy.V1", "io.k8s.api.policy.v1")]
[assembly: DefinitionPackage("Coracle.Kinds.AdmissionRegistration.V1", "io.k8s.api.admissionregistration.v1")]
[assembly: DefinitionPackage("Coracle.Kinds.Networking.V1", "io.k8s.api.networking.v1")]
[assembly: DefinitionPackage("Coracle.Kinds.Storage.V1", "io.k8s.api.storage.v1")]
