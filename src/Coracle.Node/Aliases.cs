// Our namespace is named as the kind is.
global using V1Node = Coracle.Kinds.Core.V1.Node;
global using CriContainerState = Coracle.Node.Cri.V1.ContainerState;
